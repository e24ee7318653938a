import RPC

/// What the errors of support access mean on the wire.
extension SupportError: PublicError {
  var status: RPCError {
    switch self {
    case .notFound: .notFound("support access not found")
    case .tooManyOpen(let limit):
      .resourceExhausted("\(limit) accesses wait or last in the organisation; end one first")
    case .notApproved:
      .failedPrecondition("the organisation has not approved the access yet")
        .missing(
          precondition: "SUPPORT_APPROVED", of: "support access",
          "an administrator or the privacy officer approves it with ApproveSupportAccess")
    case .approvedBefore:
      .failedPrecondition("the access was approved before; end it with EndSupportAccess")
    case .over(let state):
      .failedPrecondition("the access is over (\(state.rawValue)); ask for another one")
    case .notTheirs: .permissionDenied("another operator asked for the access")
    }
  }
}
