import Access
import FoundationEssentials
import Launch
import Postgres
import Storage

/// A device that stands in for the second factor of one sign-in.
struct DeviceUse: Sendable {
  /// The token that the device has from then on.
  let successor: RotatingToken
  /// Changes one row, or none if the token was used or forgotten at the same moment.
  let rotation: SQL

  var requirements: [Requirement] {
    [Requirement(statement: rotation, error: .changedMeanwhile)]
  }

  func events(about person: UUID) -> [SecurityEvent] {
    [SecurityEvent(.deviceUsed, about: person)]
  }
}

extension IdentityService {
  /// What a token that came with the right password is worth; nil where the factor is asked for all
  /// the same. The answer to a token that has been used before tells of no more than one that never
  /// was any: but the device is forgotten, as two know it.
  func remembered(_ text: String, _ account: Account, _ call: Call) async throws -> DeviceUse? {
    let (tenant, person, time) = (account.tenant, account.person.id, now())
    guard account.row.hasSecondFactor, let token = RotatingToken(text), token.tenant == tenant,
      tenant != .platform
    else { return nil }
    let results = try await database.once(
      call.mandate(tenant), .deviceFetch(tenant, familyHash: token.familyHash, of: person),
      .organisationFetch(tenant))
    guard let device = try results[0].first.map(DeviceRow.init),
      let organisation = try results[1].first.map(OrganisationRow.init),
      remembersDevices(of: account.row, organisation), device.expiresAt > time,
      DeviceRules.end(from: device.createdAt, organisation.policy) > time
    else { return nil }
    let hash = token.hash
    let previous: [UInt8]?
    switch device.token.verdict(on: hash, at: time) {
    case .rotate: previous = hash
    case .repeatAnswer: previous = nil
    case .reused:
      try await forgetReused(device, account, call)
      return nil
    }
    let successor = token.successor
    return DeviceUse(
      successor: successor,
      rotation: .deviceRotate(
        tenant, device.id, from: device.token.current, to: successor.hash, previous: previous,
        at: time))
  }

  /// Whether the organisation lets this person's devices be remembered. The privacy officer gives
  /// the second factor each time.
  func remembersDevices(of account: AccountRow, _ organisation: OrganisationRow) -> Bool {
    organisation.policy.remembersDevices
      && !account.rights.on(organisation.today(now())).contains(.privacyOfficer)
  }

  private func forgetReused(_ device: DeviceRow, _ account: Account, _ call: Call) async throws {
    let (tenant, person) = (account.tenant, account.person)
    let addressee = try await addressee(person, of: tenant, call)
    let origin = try await origin(of: call, in: tenant)
    try await database.transaction(call.mandate(tenant)) { transaction in
      let forgotten = try await transaction.query(
        .deviceForget(tenant, device.id, of: person.id))
      guard forgotten.affected == 1 else { return }
      try transaction.record(
        SecurityEvent(.deviceTokenReused, .failed, about: person.id), by: origin, at: now())
      try transaction.queryAtCommit(
        post(.deviceTokenReused, to: addressee, of: tenant, at: now()))
    }
    outbox.ring()
  }
}

/// What must change exactly one row, or else nothing is done.
struct Requirement: Sendable {
  let statement: SQL
  /// What it means that it changed none.
  let error: IdentityError
}

extension TenantTransaction {
  func write(_ statements: [SQL], requiring requirements: [Requirement]) async throws {
    for requirement in requirements {
      let result = try await query(requirement.statement)
      guard result.affected == 1 else { throw requirement.error }
    }
    try await query(all: statements)
  }
}
