internal import CArgon2
import Glibc

/// Memory for one computation, straight from the kernel and in huge pages where it has some: ten
/// faults instead of five thousand, and as few pages to take back, for all of which the other
/// threads of the process would wait. Given back at the end: a process at rest holds none.
enum Argon2Memory {
  /// Of a huge page of x86-64, and of arm64 with pages of 4 KiB.
  private static let hugePage = 2 << 20

  /// Memory of zeros; sets what `memory` points to.
  static func allocate(
    _ memory: UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>?, _ bytes: Int
  ) -> Int32 {
    let size = whole(bytes)
    guard
      let start = unsafe mmap(
        nil, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
      unsafe start != MAP_FAILED
    else { return ARGON2_MEMORY_ALLOCATION_ERROR.rawValue }
    // A wish: where it is refused, ordinary pages do.
    unsafe madvise(start, size, MADV_HUGEPAGE)
    // What a core file would hold of a password ends with the computation; leave it out altogether.
    unsafe madvise(start, size, MADV_DONTDUMP)
    unsafe memory?.pointee = start.assumingMemoryBound(to: UInt8.self)
    return ARGON2_OK.rawValue
  }

  /// What `allocate` has given for as many bytes.
  static func free(_ memory: UnsafeMutablePointer<UInt8>?, _ bytes: Int) {
    if let memory = unsafe memory { unsafe munmap(memory, whole(bytes)) }
  }

  private static func whole(_ bytes: Int) -> Int {
    (bytes + hugePage - 1) / hugePage * hugePage
  }
}
