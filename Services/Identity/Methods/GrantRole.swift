import Access
import FoundationEssentials
import Schemas

extension IdentityService {
  func grantRole(_ request: IdentityGrantRoleRequest, _ call: Call) async throws -> IdentityPerson {
    let role = try request.role.role()
    let granter = try call.person.subject
    return try await changeRights(request.personID, call) { change in
      let begin = request.validFrom.isEmpty ? change.today.description : request.validFrom
      let granting = Granting(
        role: role,
        period: try Period(begin: (.validFrom, begin), end: (.validUntil, request.validUntil)))
      // As it stands now: the token may be from before.
      let own = try await change.account(granter)
      try granting.check(
        by: own?.rights ?? Rights(), for: change.account.rights, on: change.today)
      if granting.isStanding(on: change.today) {
        try await change.query(.personAddRole(change.tenant, change.person, role))
      } else if change.account.rights.dated != change.account.rights.dated.adding(granting) {
        try await change.query(
          .roleGrantInsert(change.tenant, UUID(), change.person, granting, at: change.time))
      }
      try change.record(.roleGranted, role: role)
      try await change.replaceTokens()
    }
  }
}

extension [Rights.Dated] {
  /// Asked again, a right is not given twice.
  fileprivate func adding(_ granting: Granting) -> Self {
    let right = Rights.Dated(role: granting.role, period: granting.period)
    return contains(right) ? self : self + [right]
  }
}
