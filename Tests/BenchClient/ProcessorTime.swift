import ArgumentParser
import Glibc

/// Nanoseconds that all threads of a process have computed, those that have ended included.
func processorTime(_ process: Int32) throws -> Int64 {
  var clock = clockid_t()
  var time = timespec()
  // Safe: both are written to before the calls return.
  let failed = unsafe clock_getcpuclockid(process, &clock) != 0 || clock_gettime(clock, &time) != 0
  guard !failed else { throw ValidationError("There is no process \(process) to be read.") }
  return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
}

struct ProcessorTime: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "processor-time",
    abstract: "Prints the nanoseconds that a process has computed so far.")

  @Argument(help: "Its number.") var process: Int32

  func run() throws { print(try processorTime(process)) }
}
