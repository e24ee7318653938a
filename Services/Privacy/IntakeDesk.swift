import Access
import Cryptography
import Foundation
import Launch
import Postgres
import RPC
import Schemas
import Storage
import SwiftProtobuf

/// What IKSO takes in as controller of its own (clauses 17, 45 and 46). Each case and application
/// is sealed under a key of its own, which is destroyed with it.
struct IntakeDesk: IntakeServiceHandler {
  let database: Database
  let vault: Vault
  let pages: PageTokens
  let throttle: IntakeThrottle
  /// The platform's own: each form and application is a person of its own there.
  let log: AccessLog
  let now: @Sendable () -> Date

  /// Random bytes of a code that withdraws a consent.
  static let codeBytes = 32

  private static let formFields = SchemaCatalogue.personalFields(
    of: PrivacyIntakeCase.protoMessageName)
  private static let applicationFields = SchemaCatalogue.personalFields(
    of: PrivacyApplication.protoMessageName)

  /// By id; what has none is being deleted.
  private func keys(_ found: [IntakeStore.Stored]) async throws -> [UUID: SealingKey] {
    // Before the first of them the platform has no keys here at all.
    found.isEmpty ? [:] : try await vault.persons(.platform, found.map(\.id))
  }

  // MARK: Forms

  func submitForm(
    _ request: PrivacySubmitFormRequest, _ call: Call
  ) async throws -> PrivacySubmitFormResponse {
    let form = IntakeForm(
      id: UUID(), kind: try IntakeForm.Kind(request.kind),
      name: try IntakeForm.name.check(request.name), email: try Reachability.email(request.email),
      phone: request.phone.isEmpty ? nil : try Reachability.telephone(request.phone),
      function: try IntakeForm.function.checkOptional(request.function),
      message: try IntakeForm.message.checkOptional(request.message), receivedAt: now())
    try throttle.admit(call.source, at: form.receivedAt)
    let key = try await vault.person(.platform, form.id, create: true)
    try await database.transaction(call.mandate(.platform)) {
      try await IntakeStore.insert(form, key, in: $0)
    }
    return .with { $0.receivedAt = Google_Protobuf_Timestamp(date: form.receivedAt) }
  }

  func listCases(
    _ request: PrivacyListCasesRequest, _ call: Call
  ) async throws -> PrivacyListCasesResponse {
    let mandate = call.mandate(.platform)
    let list = try await pages.list("intake cases", mandate, reader: call.person.subject)
    let page = try list.page(size: request.pageSize, token: request.pageToken)
    let (found, next) = try await database.transaction(mandate) {
      try await IntakeStore.cases(page, in: $0)
    }
    let keys = try await keys(found)
    let cases = try found.compactMap { stored in
      try keys[stored.id].map { try IntakeForm(stored, $0).entry }
    }
    try await log.write(
      .read, of: Array(keys.keys), Self.formFields, in: .platform, call)
    return try .with {
      $0.cases = cases
      $0.nextPageToken = try list.token(next)
    }
  }

  func closeCase(
    _ request: PrivacyCloseCaseRequest, _ call: Call
  ) async throws -> PrivacyCloseCaseResponse {
    let id = try UUID(field: "case_id", request.caseID)
    let orderedBy = OrderedBy.person(try call.person.subject)
    try await database.transaction(call.mandate(.platform)) { transaction in
      guard try await IntakeStore.deleteCase(id, in: transaction) else {
        throw EntryError.absent("case")
      }
      // Before the row is gone for good: one that is left has no key, and can be closed again.
      try await vault.destroyPerson(.platform, id, orderedBy: orderedBy)
    }
    return PrivacyCloseCaseResponse()
  }

  // MARK: Applications

  func submitApplication(
    _ request: PrivacySubmitApplicationRequest, _ call: Call
  ) async throws -> PrivacySubmitApplicationResponse {
    let birth = try CalendarDate(field: "birth_date", request.birthDate)
    let application = Application(
      id: UUID(), name: try Application.name.check(request.name),
      address: try Application.address.check(request.address),
      email: try Reachability.email(request.email),
      phone: try Reachability.telephone(request.phone), birthDate: birth.description,
      vacancy: try Application.vacancy.check(request.vacancy),
      keepsOneYear: request.keepOneYear, receivedAt: now())
    try throttle.admit(call.source, at: application.receivedAt)
    let code = application.keepsOneYear ? SecureRandom.bytes(Self.codeBytes) : nil
    let key = try await vault.person(.platform, application.id, create: true)
    try await database.transaction(call.mandate(.platform)) {
      try await IntakeStore.insert(
        application, withdrawal: code.map { Digest.sha256($0) }, key, in: $0)
    }
    return .with {
      $0.receivedAt = Google_Protobuf_Timestamp(date: application.receivedAt)
      $0.withdrawalCode = code.map { Base64URL.encode($0) } ?? ""
    }
  }

  func listApplications(
    _ request: PrivacyListApplicationsRequest, _ call: Call
  ) async throws -> PrivacyListApplicationsResponse {
    let mandate = call.mandate(.platform)
    let list = try await pages.list("applications", mandate, reader: call.person.subject)
    let page = try list.page(size: request.pageSize, token: request.pageToken)
    let (found, next) = try await database.transaction(mandate) {
      try await IntakeStore.applications(page, in: $0)
    }
    let keys = try await keys(found)
    let applications = try found.compactMap { stored in
      try keys[stored.id].map { try Application(stored, $0).message }
    }
    try await log.write(
      .read, of: Array(keys.keys), Self.applicationFields, in: .platform, call)
    return try .with {
      $0.applications = applications
      $0.nextPageToken = try list.token(next)
    }
  }

  func endProcedure(
    _ request: PrivacyEndProcedureRequest, _ call: Call
  ) async throws -> PrivacyApplication {
    let id = try UUID(field: "application_id", request.applicationID)
    let time = now()
    let stored = try await database.transaction(call.mandate(.platform)) { transaction in
      guard let term = try await IntakeStore.lockTerm(id, in: transaction) else {
        throw EntryError.absent("application")
      }
      if term.endedAt == nil {
        try await IntakeStore.setTerm(
          id, keepsOneYear: term.keepsOneYear, endedAt: time,
          eraseAt: Application.eraseAt(ended: time, keepsOneYear: term.keepsOneYear),
          in: transaction)
      }
      return try await IntakeStore.application(id, in: transaction)
    }
    let keys = try await vault.persons(.platform, [id])
    guard let stored, let key = keys[id] else { throw EntryError.absent("application") }
    try await log.write(.read, of: [id], Self.applicationFields, in: .platform, call)
    return try Application(stored, key).message
  }

  func withdrawApplicationConsent(
    _ request: PrivacyWithdrawApplicationConsentRequest, _ call: Call
  ) async throws -> PrivacyWithdrawApplicationConsentResponse {
    guard request.code.utf8.count <= 128, let code = try? Base64URL.decode(request.code),
      code.count == Self.codeBytes
    else { throw EntryError.absent("application") }
    let eraseAt = try await database.transaction(call.mandate(.platform)) { transaction in
      let hash = Digest.sha256(code)
      guard let term = try await IntakeStore.lockTerm(withdrawal: hash, in: transaction) else {
        throw EntryError.absent("application")
      }
      let eraseAt = term.endedAt.map { Application.eraseAt(ended: $0, keepsOneYear: false) }
      try await IntakeStore.setTerm(
        term.id, keepsOneYear: false, endedAt: term.endedAt, eraseAt: eraseAt, in: transaction)
      return eraseAt
    }
    return .with {
      if let eraseAt { $0.eraseAt = Google_Protobuf_Timestamp(date: eraseAt) }
    }
  }
}

extension IntakeForm.Kind {
  fileprivate init(_ kind: PrivacyFormKind) throws(EntryError) {
    switch kind {
    case .contact: self = .contact
    case .demo: self = .demo
    case .unspecified, .UNRECOGNIZED: throw .missing(field: "kind", choices: "CONTACT or DEMO")
    }
  }
}

extension IntakeForm {
  fileprivate var entry: PrivacyIntakeCase {
    .with {
      $0.caseID = id.canonical
      $0.kind = kind == .contact ? .contact : .demo
      $0.name = name
      $0.email = email
      $0.phone = phone ?? ""
      $0.function = function ?? ""
      $0.message = self.message ?? ""
      $0.receivedAt = Google_Protobuf_Timestamp(date: receivedAt)
    }
  }
}

extension Application {
  fileprivate var message: PrivacyApplication {
    .with {
      $0.applicationID = id.canonical
      $0.name = name
      $0.address = address
      $0.email = email
      $0.phone = phone
      $0.birthDate = birthDate
      $0.vacancy = vacancy
      $0.keepOneYear = keepsOneYear
      $0.receivedAt = Google_Protobuf_Timestamp(date: receivedAt)
      if let endedAt { $0.endedAt = Google_Protobuf_Timestamp(date: endedAt) }
      if let eraseAt { $0.eraseAt = Google_Protobuf_Timestamp(date: eraseAt) }
    }
  }
}
