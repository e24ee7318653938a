import FoundationEssentials

/// A link by which somebody sets their first password: valid once, until it expires or a newer
/// one is sent.
struct Invitation: Equatable, Sendable {
  let expiresAt: Date
  let usedAt: Date?
  let replacedAt: Date?

  func requireOpen(at time: Date) throws(IdentityError) {
    if usedAt != nil { throw .invitationUsed }
    if replacedAt != nil { throw .invitationReplaced }
    if expiresAt <= time { throw .invitationExpired }
  }
}
