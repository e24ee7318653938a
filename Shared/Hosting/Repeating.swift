/// Does `work` at once and again after each `interval`. What fails is told, and tried at the next
/// time. Ends with its task, by `CancellationError`.
package func repeating(
  every interval: Duration, failed: (any Error) -> Void, _ work: () async throws -> Void
) async throws {
  while true {
    do {
      try await work()
    } catch {
      try Task.checkCancellation()
      failed(error)
    }
    try await Task.sleep(for: interval)
  }
}
