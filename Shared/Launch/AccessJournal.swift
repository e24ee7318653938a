package import Access
import Archive
import Cryptography
package import Foundation
package import Postgres
package import RPC
package import Schemas
package import Storage
import SwiftProtobuf

/// Writes down who has had to do with whose data, with the act itself (clause 22).
package struct AccessJournal: Sendable {
  private let outbox: AccessOutbox
  private let vault: Vault
  private let now: @Sendable () -> Date

  package init(_ outbox: AccessOutbox, vault: Vault, now: @escaping @Sendable () -> Date) {
    (self.outbox, self.vault, self.now) = (outbox, vault, now)
  }

  /// The statements that write down what a call does with the data of `subjects`, to run in the
  /// transaction of the act; call `ring` after it. One for each subject, however often they are
  /// named; nothing for what people do with their own data.
  ///
  /// Ask before the transaction: it needs keys. Whoever has none here has no data here either.
  package func statements(
    _ kind: PrivacyAccessKind, of subjects: [UUID], _ data: [String], in tenant: UUID, _ call: Call
  ) async throws -> [SQL] {
    var subjects = Set(subjects)
    if case .person(let token) = call.caller, token.tenant == tenant {
      subjects.remove(token.subject)
    }
    return try await statements(
      PrivacyAccessDetail(kind, data, in: tenant, call), of: Array(subjects), in: tenant)
  }

  /// Writes down, in a transaction of its own, what is known only once it was read: before it is
  /// told. Costs nothing where nobody else's data are among it.
  package func write(
    _ kind: PrivacyAccessKind, of subjects: [UUID], _ data: [String], in tenant: UUID, _ call: Call
  ) async throws {
    let written = try await statements(kind, of: subjects, data, in: tenant, call)
    guard !written.isEmpty else { return }
    try await outbox.write(written, call.mandate(tenant))
  }

  /// Writes down that all of somebody's data are given away, before the first of them is.
  package func writeExport(_ subject: Subject, _ tables: [String]) async throws {
    let written = try await statements(
      PrivacyAccessDetail(
        .export, tables, orderedBy: subject.orderedBy,
        method: SubjectDataServiceMethods.exportSubject, purpose: subject.mandate.purpose),
      of: [subject.person], in: subject.tenant)
    guard !written.isEmpty else { return }
    try await outbox.write(written, subject.mandate)
  }

  /// The same for an act of this service's own.
  package func statements(
    _ detail: PrivacyAccessDetail, of subjects: [UUID], in tenant: UUID
  ) async throws -> [SQL] {
    guard !subjects.isEmpty else { return [] }
    let bytes = [UInt8](try detail.serializedData())
    let keys = try await vault.keysLeft(of: subjects, tenant)
    let time = now()
    let notes = subjects.compactMap { subject in
      keys[subject].map { key in
        let id = UUID()
        let note = AccessNote(
          id: id, subject: subject,
          commitment: AccessLeaf.commitment(event: id, subject: subject), occurredAt: time,
          detail: bytes)
        return (note: note, key: key)
      }
    }
    return try outbox.insert(notes, tenant: tenant)
  }

  package func ring() { outbox.ring() }
}

extension PrivacyAccessDetail {
  /// What a call does, in the name of whoever makes it.
  package init(_ kind: PrivacyAccessKind, _ data: [String], in tenant: UUID, _ call: Call) {
    self.init()
    self.kind = kind
    self.data = data
    method = call.rpc.method.fullName
    purpose = call.policy.purpose
    switch call.caller {
    case .person(let token) where token.tenant == tenant && !token.roles.contains(.support):
      actor = .person
      actorID = token.subject.canonical
    // Whoever of IKSO's it is, is IKSO's to know.
    case .person: actor = .staff
    case .account(let token):
      actor = .program
      actorName = token.account
    case .service(let name):
      actor = .service
      actorName = name
    // Of methods that anybody may call, those that tell something of somebody ask for a code.
    case .anonymous: actor = .codeHolder
    }
  }

  /// What a service does on somebody's order.
  package init(
    _ kind: PrivacyAccessKind, _ data: [String], orderedBy: OrderedBy, method: MethodDescriptor,
    purpose: String
  ) {
    self.init()
    self.kind = kind
    self.data = data
    self.method = method.fullName
    self.purpose = purpose
    switch orderedBy {
    case .person(let id):
      actor = .person
      actorID = id.canonical
    case .service(let name):
      actor = .service
      actorName = name
    case .command:
      actor = .staff
    }
  }
}

extension SchemaCatalogue {
  /// The fields of a message that hold something about a person, by their names.
  package static func personalFields(of message: String) -> [String] {
    guard let message = messages.first(where: { $0.name == message }) else { return [] }
    return message.fields.filter { $0.personalData >= .personal }.map(\.name)
  }
}
