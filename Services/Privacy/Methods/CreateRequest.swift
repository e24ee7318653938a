import Access
import Foundation
import Launch
import RPC
import Schemas
import Storage
import SwiftProtobuf

extension PrivacyService {
  func createRequest(
    _ request: PrivacyCreateRequestRequest, _ call: Call
  ) async throws -> PrivacyPrivacyRequest {
    let tenant = try call.tenant()
    let officer = try call.person.subject
    let kind = try RequestKind(request.kind)
    let subject = try UUID(field: "subject_id", request.subjectID)
    let made = PrivacyRequest(
      id: UUID(), kind: kind, state: .running, subject: subject, receivedAt: now(),
      completedAt: nil, archiveBytes: 0)
    let mandate = call.mandate(tenant)
    let answer = try await call.once(request, mandate, answers) { once in
      try await demandPerson(subject, of: tenant, call)
      let keep = once.keep { (made: PrivacyRequest) in made.message([]) }
      try await database.transaction(mandate) { transaction in
        if let open = try await RequestStore.openRequest(kind, of: subject, in: transaction) {
          throw RequestError.openAlready(open)
        }
        try await RequestStore.insert(made, requestedBy: officer, in: transaction)
        if let keep { try transaction.queryAtCommit(keep(made)) }
      }
      return made.message([])
    }
    let id = try UUID(field: "request_id", answer.requestID)
    // Asked for before under the same key: that request, as it stands now.
    guard id == made.id else {
      let found = try await fetchRequest(id, call)
      return found.request.message(found.steps)
    }
    return try await carryOut(made, for: tenant, call)
  }

  func resumeRequest(
    _ request: PrivacyResumeRequestRequest, _ call: Call
  ) async throws -> PrivacyPrivacyRequest {
    let tenant = try call.tenant()
    let (found, _) = try await fetchRequest(try UUID(field: "request_id", request.requestID), call)
    guard found.state != .completed else { throw RequestError.completedAlready }
    return try await carryOut(found, for: tenant, call)
  }

  /// The person must be one of the organisation, else NOT_FOUND as for anybody who never was.
  private func demandPerson(_ subject: UUID, of tenant: UUID, _ call: Call) async throws {
    do {
      _ = try await identity.getColleagues(
        .with {
          $0.personIds = [subject.uuidString.lowercased()]
          $0.organisationID = tenant.uuidString.lowercased()
        }, call.forwarded)
    } catch {
      if error.code == .notFound { throw RequestError.personAbsent }
      throw error
    }
  }
}

extension RequestKind {
  init(_ kind: PrivacyRequestKind) throws(RequestError) {
    switch kind {
    case .access: self = .access
    case .erasure: self = .erasure
    case .unspecified, .UNRECOGNIZED: throw .kindMissing
    }
  }
}
