import CEpoll

package enum CoreDumps {
  /// From now on no core file holds this process's memory, and no other process of its user may
  /// read it; root still can.
  package static func forbid() throws(ReactorError) {
    guard ikso_core_dumps_forbid() == 0 else {
      throw ReactorError(call: "prctl", code: ikso_errno())
    }
  }
}
