import Glibc

/// What libFuzzer calls for each input; the target is named by IKSO_FUZZ_TARGET.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
  let input = unsafe Array(UnsafeBufferPointer(start: start, count: count))
  do {
    try chosen.check(input)
    return 0
  } catch {
    // Written by hand: the message of a trap is left out of optimised code.
    say("\(chosen.rawValue): \(error)")
    abort()
  }
}

private let chosen: FuzzTarget = {
  let name = unsafe getenv("IKSO_FUZZ_TARGET").map { unsafe String(cString: $0) } ?? ""
  guard let target = FuzzTarget(rawValue: name) else {
    let names = FuzzTarget.allCases.map(\.rawValue).joined(separator: ", ")
    say("IKSO_FUZZ_TARGET is none of: \(names)")
    exit(2)
  }
  return target
}()

private func say(_ text: String) {
  let line = text + "\n"
  _ = unsafe write(STDERR_FILENO, line, line.utf8.count)
}
