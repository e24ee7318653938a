import Foundation
import Glibc

/// Looks for bytes in all memory of this process that can be written to.
///
/// The bytes looked for and those just read stand in pages of their own, which are passed over.
// Sendable: the pages are written by one test at a time, which owns this.
@safe final class MemorySearch: @unchecked Sendable {
  private let bytes: UnsafeMutableRawBufferPointer
  private let window: UnsafeMutableRawBufferPointer
  private let memory: Int32

  /// What is read at once; neighbouring windows overlap by what is looked for.
  private static let windowBytes = 1 << 20
  private static let pageBytes = 4_096
  /// Larger mappings are a sanitizer's books, not the program's.
  private static let mappingLimit: UInt = 1 << 30

  /// Looks for `count` random bytes, which stand nowhere else; at most a page.
  init(count: Int) throws {
    unsafe bytes = UnsafeMutableRawBufferPointer(
      rebasing: try Self.pages(Self.pageBytes)[..<count])
    unsafe window = try Self.pages(Self.windowBytes)
    memory = unsafe open("/proc/self/mem", O_RDONLY | O_CLOEXEC)
    let random = unsafe open("/dev/urandom", O_RDONLY | O_CLOEXEC)
    defer { close(random) }
    guard memory >= 0, unsafe read(random, bytes.baseAddress, count) == count else {
      throw POSIXError(.init(rawValue: errno)!)
    }
  }

  deinit {
    unsafe munmap(bytes.baseAddress!, Self.pageBytes)
    unsafe munmap(window.baseAddress!, Self.windowBytes)
    close(memory)
  }

  private static func pages(_ count: Int) throws -> UnsafeMutableRawBufferPointer {
    let address = unsafe mmap(
      nil, count, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard let address = unsafe address, unsafe address != MAP_FAILED else {
      throw POSIXError(.ENOMEM)
    }
    return unsafe UnsafeMutableRawBufferPointer(start: address, count: count)
  }

  func withBytes<Value>(_ body: (UnsafeRawBufferPointer) throws -> Value) rethrows -> Value {
    try unsafe body(UnsafeRawBufferPointer(bytes))
  }

  /// The mappings that hold the first half of the bytes, or the second.
  func places() throws -> [String] {
    return try mappings().split(separator: "\n").compactMap { line in
      let parts = line.split(separator: " ", maxSplits: 1)
      let ends = parts[0].split(separator: "-").compactMap { UInt($0, radix: 16) }
      guard ends.count == 2, parts[1].hasPrefix("rw"), ends[1] - ends[0] <= Self.mappingLimit
      else { return nil }
      return withoutOwn(ends[0]..<ends[1]).contains(where: holds) ? String(line) : nil
    }
  }

  /// The kernel gives a page at a time, which Foundation takes for the end of the file.
  private func mappings() throws -> String {
    let file = unsafe open("/proc/self/maps", O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw POSIXError(.init(rawValue: errno)!) }
    defer { close(file) }
    var text: [UInt8] = []
    while true {
      let count = unsafe read(file, window.baseAddress, Self.windowBytes)
      guard count > 0 else { return String(decoding: text, as: UTF8.self) }
      unsafe text += window[..<count]
    }
  }

  /// What is left of a mapping without the pages of this search.
  private func withoutOwn(_ mapping: Range<UInt>) -> [Range<UInt>] {
    var rest = [mapping]
    let owns = unsafe [
      (UInt(bitPattern: bytes.baseAddress), Self.pageBytes),
      (UInt(bitPattern: window.baseAddress), Self.windowBytes),
    ]
    for (start, count) in owns {
      let own = start..<start + UInt(count)
      rest = rest.flatMap { range in
        guard range.overlaps(own) else { return [range] }
        return [
          range.lowerBound..<max(range.lowerBound, own.lowerBound),
          min(range.upperBound, own.upperBound)..<range.upperBound,
        ].filter { !$0.isEmpty }
      }
    }
    return rest
  }

  private func holds(_ range: Range<UInt>) -> Bool {
    let half = unsafe bytes.count / 2
    var place = range.lowerBound
    while place < range.upperBound {
      let wanted = min(Self.windowBytes, Int(range.upperBound - place))
      // What has been unmapped meanwhile cannot be read, and holds nothing.
      let count = unsafe pread(memory, window.baseAddress, wanted, off_t(place))
      guard count > half else { return false }
      for start in [0, half] {
        let wanted = unsafe UnsafeRawBufferPointer(rebasing: bytes[start..<start + half])
        if unsafe Self.holds(UnsafeRawBufferPointer(rebasing: window[..<count]), wanted) {
          return true
        }
      }
      guard count == wanted, wanted == Self.windowBytes else { return false }
      place += UInt(count - half)
    }
    return false
  }

  private static func holds(
    _ text: UnsafeRawBufferPointer, _ wanted: UnsafeRawBufferPointer
  ) -> Bool {
    var rest = unsafe text
    while rest.count >= wanted.count {
      let found = unsafe memchr(rest.baseAddress!, Int32(wanted[0]), rest.count - wanted.count + 1)
      guard let found = unsafe found else { return false }
      if unsafe memcmp(found, wanted.baseAddress!, wanted.count) == 0 { return true }
      let next = unsafe UnsafeRawPointer(found) - rest.baseAddress! + 1
      unsafe rest = UnsafeRawBufferPointer(rebasing: rest[next...])
    }
    return false
  }
}
