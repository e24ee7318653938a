import Foundation
import Glibc

/// A folder that mail is written to instead of being sent, for development and tests: a file each
/// in `new/`, complete under its final name or not there.
package struct MailFolder: Sendable {
  private let path: String

  /// - Throws: `MailFault` when it cannot be made.
  package init(_ path: String) throws(MailFault) {
    self.path = path
    do {
      for name in ["tmp", "new"] {
        try FileManager.default.createDirectory(
          atPath: "\(path)/\(name)", withIntermediateDirectories: true,
          attributes: [.posixPermissions: 0o700])
      }
    } catch {
      throw .closed("folder")
    }
  }

  /// A message that was written before is written over.
  func write(_ message: MailMessage) throws(MailFault) {
    let name = message.id.uuidString.lowercased()
    let (temporary, final) = (
      "\(path)/tmp/\(UUID().uuidString.lowercased()).eml", "\(path)/new/\(name).eml"
    )
    let file = unsafe open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw Self.fault(errno) }
    var bytes = Array(message.text.utf8)[...]
    while !bytes.isEmpty {
      let count = unsafe bytes.withUnsafeBytes {
        unsafe Glibc.write(file, $0.baseAddress, $0.count)
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw Self.giveUp(file, temporary) }
      bytes = bytes.dropFirst(count)
    }
    close(file)
    guard unsafe rename(temporary, final) == 0 else {
      let code = errno
      unsafe unlink(temporary)
      throw Self.fault(code)
    }
  }

  private static func giveUp(_ file: Int32, _ temporary: String) -> MailFault {
    let code = errno
    close(file)
    unsafe unlink(temporary)
    return fault(code)
  }

  private static func fault(_ code: Int32) -> MailFault { .closed("errno \(code)") }
}
