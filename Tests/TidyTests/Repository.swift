import Foundation
import Synchronization

/// The files of this repository as they lie on the disk.
enum Repository {
  static let root = URL(filePath: #filePath).resolvingSymlinksInPath()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// Every file under `folders` whose name ends in one of `extensions`, by path.
  static func files(_ folders: [String], _ extensions: Set<String>) throws -> [SourceFile] {
    var files: [SourceFile] = []
    for folder in folders {
      let start = root.appending(path: folder)
      guard let walk = FileManager.default.enumerator(at: start, includingPropertiesForKeys: nil)
      else { throw Missing(path: folder) }
      for case let url as URL in walk where extensions.contains(url.pathExtension) {
        let path = String(url.standardizedFileURL.path.dropFirst(rootPath.count + 1))
        guard !path.split(separator: "/").contains(where: { $0.hasPrefix(".") }) else { continue }
        files.append(SourceFile(path: path, text: try String(contentsOf: url, encoding: .utf8)))
      }
    }
    return files.sorted { $0.path < $1.path }
  }

  /// Swift that people write; what the generator writes is judged by its own tests.
  static func swift(_ folders: [String] = ["Shared", "Services", "Schemas", "Tests"]) throws
    -> [SourceFile]
  {
    try files(folders, ["swift"]).filter {
      !$0.path.hasPrefix("Schemas/Generated/") && !$0.path.hasSuffix(".pb.swift")
    }
  }

  static func folders(in folder: String) throws -> [String] {
    let url = root.appending(path: folder)
    return try FileManager.default.contentsOfDirectory(
      at: url, includingPropertiesForKeys: [.isDirectoryKey]
    ).filter { try $0.resourceValues(forKeys: [.isDirectoryKey]).isDirectory == true }
      .map { "\(folder)/\($0.lastPathComponent)" }.sorted()
  }

  static func text(_ path: String) throws -> String {
    try String(contentsOf: root.appending(path: path), encoding: .utf8)
  }

  private static var rootPath: String {
    let path = root.standardizedFileURL.path
    return path.hasSuffix("/") ? String(path.dropLast()) : path
  }

  struct Missing: Error, CustomStringConvertible {
    let path: String
    var description: String { "\(path) is not there" }
  }
}

/// One file of text.
struct SourceFile: Sendable {
  /// From the root of the repository, with slashes.
  let path: String
  let text: String

  var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }

  /// The number of its lines; a line feed at the end begins no new one.
  var lineCount: Int { text.hasSuffix("\n") ? lines.count - 1 : lines.count }

  /// "Shared/RPC/RPCError.swift:12".
  func place(_ line: Int) -> String { "\(path):\(line)" }

  /// The text with comments and the insides of string literals blanked, line by line as before.
  var code: String {
    if let known = Self.scrubbed.withLock({ $0[path] }) { return known }
    let code = SwiftScrubber.code(of: text)
    Self.scrubbed.withLock { $0[path] = code }
    return code
  }

  private static let scrubbed = Mutex<[String: String]>([:])
}

/// Files that may break a rule, each with its reason.
struct Exceptions: ExpressibleByDictionaryLiteral {
  let reasons: [String: String]

  init(dictionaryLiteral elements: (String, String)...) {
    reasons = Dictionary(uniqueKeysWithValues: elements)
  }

  func allows(_ path: String) -> Bool { reasons[path] != nil }
}

extension [String] {
  /// One violation a line, for the message of an expectation.
  var listed: String { isEmpty ? "" : "\n" + joined(separator: "\n") }
}
