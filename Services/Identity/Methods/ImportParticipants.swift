import Access
import FoundationEssentials
import Launch
import Postgres
import RPC
import Reactor
import Schemas
import Storage
import SwiftProtobuf

extension IdentityService {
  /// Rows of one statement: what is sealed between two turns of the reactor.
  private static let chunk = 500

  func importParticipants(
    _ request: IdentityImportParticipantsRequest, _ call: Call
  ) async throws -> IdentityImportParticipantsResponse {
    let tenant = try call.tenant(organisation: request.organisationID)
    let organisation = try await activeOrganisation(tenant, call)
    let participants = try await read(request.csv)
    let indexes = try await emailIndexes(of: participants, tenant)
    try await requireNew(participants, indexes, tenant, call)
    let ids = participants.map { _ in UUID() }
    try await vault.createPersons(tenant, ids)
    let time = now()
    let expiry = invitationExpiry(from: time)
    let codes = participants.map { _ in LinkCode.generate(tenant: tenant) }
    let keys = try await vault.persons(tenant, ids)
    let origin = try await origin(of: call, in: tenant)
    // IKSO's staff makes the first administrators of an organisation.
    let granter = try call.person.tenant == tenant ? call.person.subject : nil
    let events = [SecurityEvent(.peopleImported, occurrences: ids.count)]
      + SecurityEvent.granted(to: zip(ids, participants).map { ($0, $1.role) })
    do {
      try await database.transaction(call.mandate(tenant)) { transaction in
        if let granter {
          let roles = Set(participants.map(\.role.role))
          try await transaction.requireMayGrant(roles, granter, at: time)
        }
        for event in events { try transaction.record(event, by: origin, at: time) }
        for start in stride(from: 0, to: participants.count, by: Self.chunk) {
          let range = start..<min(start + Self.chunk, participants.count)
          var invitees: [(addressee: Addressee, code: LinkCode)] = []
          let people = try range.map { index in
            let participant = participants[index]
            guard let key = keys[ids[index]] else { throw VaultError.absent }
            let addressee = Addressee(
              person: ids[index], name: participant.name.text, email: participant.email.text,
              key: key, language: organisation.policy.language)
            invitees.append((addressee, codes[index]))
            return try NewPerson(
              id: ids[index], name: participant.name, email: participant.email,
              emailIndex: indexes[index], roles: participant.role.roles, key: key)
          }
          let invitations = range.map {
            NewInvitation(id: UUID(), person: ids[$0], codeHash: codes[$0].hash)
          }
          try await transaction.query(all: [
            .personInsert(tenant, people, source: .client, at: time),
            .invitationInsert(tenant, invitations, at: time, expiresAt: expiry),
          ] + invite(invitees, of: organisation, at: time, expiresAt: expiry))
        }
      }
    } catch let error as PostgresError {
      guard error.violatedConstraint == "person_email" else { throw error }
      throw IdentityError.enrolledMeanwhile
    }
    outbox.ring()
    return .with {
      $0.imported = UInt32(participants.count)
      $0.invitationsExpireAt = Google_Protobuf_Timestamp(date: expiry)
    }
  }

  /// Off the reactor: a large file takes longer than others should wait.
  private func read(_ csv: Data) async throws -> [Participant] {
    do {
      return try await blocking.run { try ParticipantFile.read(csv) }
    } catch let error as ParticipantFileError {
      throw IdentityError.participantFile(error)
    } catch BlockingPoolError.full {
      throw IdentityError.busy
    }
  }

  private func emailIndexes(
    of participants: [Participant], _ tenant: UUID
  ) async throws -> [[UInt8]] {
    var indexes: [[UInt8]] = []
    indexes.reserveCapacity(participants.count)
    for participant in participants {
      indexes.append(try await vault.blindIndex(tenant, participant.email.normalised))
    }
    return indexes
  }

  private func requireNew(
    _ participants: [Participant], _ indexes: [[UInt8]], _ tenant: UUID, _ call: Call
  ) async throws {
    let results = try await database.once(
      call.mandate(tenant), .personEmailsTaken(tenant, indexes))
    let taken = try Set(results[0].map { try $0.get("email_index") as [UInt8] })
    guard !taken.isEmpty else { return }
    let lines = zip(participants, indexes).filter { taken.contains($0.1) }.map(\.0.line)
    throw IdentityError.alreadyRegistered(lines: lines)
  }
}

extension TenantTransaction {
  /// The rule of GrantRole for rights until further notice, by the rights of the table and under
  /// the lock of the organisation, as the caller's token may be older.
  fileprivate func requireMayGrant(
    _ roles: Set<Role>, _ granter: UUID, at time: Date
  ) async throws {
    let results = try await query(
      all: [.organisationLock(tenant)] + SQL.accountFetch(tenant, granter))
    guard let row = results[0].first else { throw IdentityError.organisationNotFound }
    let organisation = try OrganisationRow(row)
    let today = organisation.today(time)
    try organisation.contract.requireActive(on: today)
    let own = try AccountRow(results[1...])?.rights ?? Rights()
    for role in roles {
      guard let period = Period(begin: today, end: nil) else { continue }
      try Granting(role: role, period: period).check(by: own, for: Rights(), on: today)
    }
  }
}

extension SecurityEvent {
  /// Who became an administrator, and how many got another right beside the participant's.
  fileprivate static func granted(to people: [(UUID, EnrolmentRole)]) -> [SecurityEvent] {
    let administrators = people.filter { $0.1 == .administrator }.map {
      SecurityEvent(.roleGranted, about: $0.0, role: .administrator)
    }
    return administrators
      + [EnrolmentRole.coach, .manager].compactMap { role in
        let count = people.count { $0.1 == role }
        return count == 0
          ? nil : SecurityEvent(.roleGranted, role: role.role, occurrences: count)
      }
  }
}

extension EnrolmentRole {
  fileprivate var role: Role {
    switch self {
    case .participant: .participant
    case .coach: .coach
    case .manager: .manager
    case .administrator: .administrator
    }
  }
}
