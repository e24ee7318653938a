/// A file within an archive.
package struct ArchiveFile: Sendable, Equatable {
  package let path: String
  package let bytes: [UInt8]

  package init(path: String, bytes: [UInt8]) {
    self.path = path
    self.bytes = bytes
  }
}

/// The POSIX tar format (ustar, IEEE Std 1003.1-1988): regular files, paths up to 100 bytes.
enum Tar {
  private static let block = 512
  private static let pathBytes = 100
  private static let magic = Array("ustar\u{0}00".utf8)

  /// - Parameter modified: seconds since 1970 for every entry.
  static func write(_ files: [ArchiveFile], modified: Int) -> [UInt8] {
    var tar: [UInt8] = []
    for file in files {
      tar += header(file, modified: modified)
      tar += file.bytes
      tar += [UInt8](repeating: 0, count: padding(file.bytes.count))
    }
    return tar + [UInt8](repeating: 0, count: 2 * block)
  }

  static func read(_ tar: [UInt8]) throws(ArchiveError) -> [ArchiveFile] {
    var files: [ArchiveFile] = []
    var position = 0
    while true {
      guard position + block <= tar.count else { throw .damaged("it ends in the middle") }
      let header = tar[position..<position + block]
      if header.allSatisfy({ $0 == 0 }) { return files }
      guard files.count < SignedArchive.maximumFiles else { throw .damaged("too many files") }
      let size = try verifiedSize(header)
      guard size <= tar.count - position - block else { throw .damaged("it ends in the middle") }
      let start = position + block
      let path = String(decoding: text(header, 0, pathBytes), as: UTF8.self)
      files.append(ArchiveFile(path: path, bytes: Array(tar[start..<start + size])))
      position = start + size + padding(size)
    }
  }

  private static func header(_ file: ArchiveFile, modified: Int) -> [UInt8] {
    precondition(file.path.utf8.count < pathBytes, "the path \(file.path) is too long for ustar")
    var header = [UInt8](repeating: 0, count: block)
    func put(_ bytes: some Collection<UInt8>, _ offset: Int) {
      header.replaceSubrange(offset..<offset + bytes.count, with: bytes)
    }
    put(Array(file.path.utf8), 0)
    put(octal(0o600, 7), 100)
    put(octal(0, 7), 108)
    put(octal(0, 7), 116)
    put(octal(file.bytes.count, 11), 124)
    put(octal(modified, 11), 136)
    put([UInt8](repeating: 0x20, count: 8), 148)
    put([UInt8(ascii: "0")], 156)
    put(magic, 257)
    put(octal(header.reduce(0) { $0 + Int($1) }, 6) + [0], 148)
    return header
  }

  /// The size that a header states, once its checksum and kind are found right.
  private static func verifiedSize(_ header: ArraySlice<UInt8>) throws(ArchiveError) -> Int {
    let start = header.startIndex
    var sum = 8 * 0x20
    for offset in 0..<block where !(148..<156).contains(offset) {
      sum += Int(header[start + offset])
    }
    guard let stated = number(text(header, 148, 8)), stated == sum else {
      throw .damaged("a header's checksum is wrong")
    }
    guard header[start + 156] == UInt8(ascii: "0"),
      Array(header[start + 257..<start + 257 + magic.count]) == magic
    else { throw .damaged("it holds something else than regular files") }
    guard let size = number(text(header, 124, 12)), size <= SignedArchive.maximumBytes else {
      throw .damaged("a file's size is wrong")
    }
    return size
  }

  private static func padding(_ size: Int) -> Int { (block - size % block) % block }

  private static func octal(_ value: Int, _ digits: Int) -> [UInt8] {
    let text = String(value, radix: 8)
    return Array((String(repeating: "0", count: max(0, digits - text.count)) + text).utf8)
  }

  private static func text(
    _ header: ArraySlice<UInt8>, _ offset: Int, _ length: Int
  ) -> ArraySlice<UInt8> {
    header[(header.startIndex + offset)...].prefix(length).prefix { $0 != 0 }
  }

  private static func number(_ text: ArraySlice<UInt8>) -> Int? {
    let digits = String(decoding: text, as: UTF8.self).split(separator: " ").first ?? ""
    return Int(digits, radix: 8)
  }
}
