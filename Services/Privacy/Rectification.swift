import Access
import Cryptography
import Foundation
import Launch
import RPC
import Schemas
import Storage
import SwiftProtobuf

/// Rectifications that a service carries out (clause 33; GDPR Art. 16).
extension RequestDesk {
  /// Has identity correct a name or an address that an officer is about to call done, and tells
  /// what it did; nil for any other request. It comes before the request is closed, and again finds
  /// nothing to correct: who dies in between has the officer close it once more.
  func rectify(_ id: String, _ call: Call) async throws -> RequestStep? {
    let (tenant, officer) = (try call.tenant(), try call.person.subject)
    let found = try await found(id, call).request
    guard found.kind == .rectification, found.state == .inHand,
      let key = try await key(of: found.subject, tenant), let subject = found.subject
    else { return nil }
    let texts = try await database.transaction(call.mandate(tenant)) {
      try await RequestTextStore.fetch(of: found.id, key, in: $0)
    }
    guard let field = texts[.field].flatMap(RectifiedField.init), let value = texts[.newValue]
    else { return nil }
    do {
      let answer = try await persons.rectifyPerson(
        .with {
          $0.organisationID = tenant.canonical
          $0.personID = subject.canonical
          $0.field = field == .name ? .name : .email
          $0.newValue = value
          $0.orderedBy = officer.canonical
          $0.askedByPerson = found.askedBySubject
        }, call.inOwnName.forwarded)
      let table = answer.awaitsConfirmation ? "email_change" : "person_correction"
      return RequestStep(
        service: "identity", done: true, rows: [TableCount(table: table, rows: 1)], found: [],
        problem: nil)
    } catch {
      switch error.code {
      case .invalidArgument: throw RequestError.newValueRefused
      case .notFound: throw RequestError.personAbsent
      default: throw error
      }
    }
  }
}
