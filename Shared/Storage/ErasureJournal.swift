import Cryptography
import FoundationEssentials
import Glibc
package import Reactor

/// The destructions of keys, in a file outside of the key store: what a store that was restored
/// from a backup has forgotten, the journal knows.
///
/// A line of JSON a record, the first one a head; each carries a hash over all before it. A record
/// is on the disk before the key is destroyed. One file for a service, on a disk that all its
/// processes share; whoever writes holds a lock of the store.
package struct ErasureJournal: Sendable {
  /// Where in the journal a store is.
  struct Position: Sendable, Equatable {
    var journal: UUID
    var records: Int64
    /// Where the next record begins.
    var bytes: Int64
    var chain: String
  }

  package let path: String
  private let blocking: BlockingPool

  package init(path: String, blocking: BlockingPool) {
    self.path = path
    self.blocking = blocking
  }

  /// The records behind `position`, each with the position after it.
  ///
  /// Nil reads from the beginning; `create` makes the file if there is none. A last line without
  /// an end was never acknowledged and is not read.
  func records(
    after position: Position?, schema: String, create: Bool
  ) async throws(ErasureJournalError) -> (begin: Position, records: [(ErasureRecord, Position)]) {
    try await blocking { [path] () throws(ErasureJournalError) in
      if create { try ErasureJournal.create(path, schema) }
      let bytes = try ErasureJournal.read(path, from: position?.bytes ?? 0)
      var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      lines.removeLast()
      var place: Position
      if let position {
        place = position
      } else {
        guard let head = lines.first else { throw .broken(path, line: 1) }
        place = try ErasureJournal.head(head, path, schema)
        lines.removeFirst()
      }
      let begin = place
      var records: [(ErasureRecord, Position)] = []
      records.reserveCapacity(lines.count)
      for line in lines {
        guard let record = ErasureRecord(line: line), record.number == place.records + 1,
          record.chain == record.chain(after: place.chain)
        else { throw .broken(path, line: Int(place.records) + 2) }
        place.records += 1
        place.bytes += Int64(line.count) + 1
        place.chain = record.chain
        records.append((record, place))
      }
      return (begin, records)
    }
  }

  /// Writes `record` at `position`, which must be the end, to the disk; returns the end after it.
  func append(
    _ record: ErasureRecord, at position: Position
  ) async throws(ErasureJournalError) -> Position {
    let line = record.line
    try await blocking { [path] () throws(ErasureJournalError) in
      try ErasureJournal.append(line, path, at: position.bytes)
    }
    return Position(
      journal: position.journal, records: record.number,
      bytes: position.bytes + Int64(line.count), chain: record.chain)
  }

  /// How long the file is, in bytes.
  func length() async throws(ErasureJournalError) -> Int64 {
    try await blocking { [path] () throws(ErasureJournalError) in
      var status = stat()
      guard unsafe stat(path, &status) == 0 else { throw .failed(path, code: errno) }
      return Int64(status.st_size)
    }
  }

  private func blocking<Value: Sendable>(
    _ body: @escaping @Sendable () throws(ErasureJournalError) -> Value
  ) async throws(ErasureJournalError) -> Value {
    do {
      return try await blocking.run { try body() }
    } catch let error as ErasureJournalError {
      throw error
    } catch {
      throw .failed(path, code: EAGAIN)
    }
  }

  // MARK: The file

  private static func create(_ path: String, _ schema: String) throws(ErasureJournalError) {
    guard unsafe access(path, F_OK) != 0 else { return }
    let head = JournalHead(journal: UUID(), schema: schema)
    // Whole or not at all, and the first process wins.
    let draft = "\(path).\(head.journal.uuidString)"
    let file = unsafe open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw .failed(path, code: errno) }
    defer {
      close(file)
      unsafe unlink(draft)
    }
    try write(head.line, to: file, path)
    guard unsafe link(draft, path) == 0 || errno == EEXIST else {
      throw .failed(path, code: errno)
    }
    let folder = unsafe open(
      path.lastIndex(of: "/").map { String(path[...$0]) } ?? ".", O_RDONLY | O_CLOEXEC)
    guard folder >= 0 else { throw .failed(path, code: errno) }
    defer { close(folder) }
    guard fsync(folder) == 0 else { throw .failed(path, code: errno) }
  }

  private static func head(
    _ line: ArraySlice<UInt8>, _ path: String, _ schema: String
  ) throws(ErasureJournalError) -> Position {
    guard let head = JournalHead(line: line) else { throw .broken(path, line: 1) }
    guard head.schema == schema else { throw .foreign(path, of: head.schema) }
    return Position(
      journal: head.journal, records: 0, bytes: Int64(line.count) + 1, chain: head.chain)
  }

  private static func read(
    _ path: String, from start: Int64
  ) throws(ErasureJournalError) -> [UInt8] {
    let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw .failed(path, code: errno) }
    defer { close(file) }
    guard lseek(file, 0, SEEK_END) >= off_t(start) else { throw .behind(path) }
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let offset = off_t(start) + off_t(bytes.count)
      let count = unsafe piece.withUnsafeMutableBytes { piece in
        unsafe pread(file, piece.baseAddress, piece.count, offset)
      }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw .failed(path, code: errno) }
      if count == 0 { return bytes }
      bytes += piece[..<count]
    }
  }

  private static func append(
    _ line: [UInt8], _ path: String, at end: Int64
  ) throws(ErasureJournalError) {
    let file = unsafe open(path, O_WRONLY | O_CLOEXEC)
    guard file >= 0 else { throw .failed(path, code: errno) }
    defer { close(file) }
    // Against a process that has lost the store's lock and does not know it yet.
    guard flock(file, LOCK_EX) == 0 else { throw .failed(path, code: errno) }
    let rest = try read(path, from: end)
    guard !rest.contains(UInt8(ascii: "\n")) else { throw .failed(path, code: EAGAIN) }
    guard ftruncate(file, off_t(end)) == 0, lseek(file, 0, SEEK_END) == off_t(end) else {
      throw .failed(path, code: errno)
    }
    try write(line, to: file, path)
  }

  private static func write(
    _ bytes: [UInt8], to file: Int32, _ path: String
  ) throws(ErasureJournalError) {
    var written = 0
    while written < bytes.count {
      let count = unsafe bytes[written...].withUnsafeBytes { rest in
        unsafe Glibc.write(file, rest.baseAddress, rest.count)
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw .failed(path, code: errno) }
      written += count
    }
    guard fsync(file) == 0 else { throw .failed(path, code: errno) }
  }
}

package enum ErasureJournalError: Error, Sendable, Equatable {
  /// The file cannot be read or written; `errno`.
  case failed(String, code: Int32)
  case broken(String, line: Int)
  /// The journal of another key store.
  case foreign(String, of: String)
  /// The store has carried out more than the journal holds, or something else.
  case behind(String)
}

extension ErasureJournalError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .failed(let path, let code):
      "the erasure journal \(path): \(unsafe String(cString: strerror(code))); "
        + "put it where this service may write, on a disk that outlives the database"
    case .broken(let path, let line):
      "the erasure journal \(path) is altered or damaged at line \(line); bring back a good copy"
    case .foreign(let path, let schema):
      "the erasure journal \(path) is that of \(schema); correct keys.erasureJournal"
    case .behind(let path):
      "the erasure journal \(path) lacks erasures that the key store has carried out; bring back "
        + "the journal that belongs to it, or the newest copy"
    }
  }
}
