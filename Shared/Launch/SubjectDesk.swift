package import Access
package import Foundation
package import RPC
package import Schemas
package import Storage
import SwiftProtobuf

/// Answers the privacy service about one person: `SubjectDataService`, the same in every service
/// that holds data about people.
package struct SubjectDesk: SubjectDataServiceHandler {
  package typealias Scan =
    @Sendable (_ tenant: UUID, SubjectScan.Needles) async throws -> [SubjectScan.Finding]

  private let holder: any SubjectHolder
  private let answers: KeptAnswers?
  private let signer: ErasureSigner?
  private let scan: Scan

  /// - Parameters:
  ///   - answers: those that the service keeps, if it does; an erasure takes them along.
  ///   - signer: of the receipts; nil: none are given.
  ///   - scan: reads every table of the service and of its key store: `Runtime.scan`.
  package init(
    _ holder: any SubjectHolder, answers: KeptAnswers? = nil, signer: ErasureSigner? = nil,
    scan: @escaping Scan
  ) {
    (self.holder, self.answers, self.signer, self.scan) = (holder, answers, signer, scan)
  }

  package func exportSubject(
    _ request: SubjectSubjectRequest, _ call: Call,
    _ responses: ResponseWriter<SubjectSubjectRecord>
  ) async throws {
    let subject = try Subject(call, request)
    try await holder.export(subject) { try await responses.send(SubjectSubjectRecord($0)) }
  }

  package func eraseSubject(
    _ request: SubjectSubjectRequest, _ call: Call
  ) async throws -> SubjectEraseSubjectResponse {
    let subject = try Subject(call, request)
    let erased = try await holder.erase(subject)
    try await answers?.erase(subject.mandate)
    return try .with {
      $0.erased = erased.map(SubjectSubjectTableCount.init)
      $0.keyDestroyed = true
      guard let signer else { return }
      $0.receipt = Data(try signer.erased(erased, request: request.requestID).utf8)
      $0.publicKey = Data(signer.publicKey)
    }
  }

  package func scanSubject(
    _ request: SubjectScanSubjectRequest, _ call: Call
  ) async throws -> SubjectScanSubjectResponse {
    let tenant = try call.tenant(organisation: request.organisationID)
    let person = try UUID(field: "subject_id", request.subjectID)
    guard request.needles.count <= SubjectScan.maximumNeedles else {
      throw RPCError.invalid("needles", "must be at most \(SubjectScan.maximumNeedles)")
    }
    let findings = try await scan(
      tenant, SubjectScan.Needles(subject: person, texts: request.needles))
    return try .with {
      $0.tables = findings.map(SubjectSubjectTableScan.init)
      guard let signer else { return }
      $0.receipt = Data(try signer.scanned(findings, request: request.requestID).utf8)
      $0.publicKey = Data(signer.publicKey)
    }
  }
}

extension Subject {
  /// The person whom a request names. It comes from the privacy service alone, which says on whose
  /// order: nobody else could.
  fileprivate init(_ call: Call, _ request: SubjectSubjectRequest) throws(RPCError) {
    self.init(
      call.mandate(try call.tenant(organisation: request.organisationID)),
      person: try UUID(field: "subject_id", request.subjectID),
      orderedBy: request.orderedBy.isEmpty
        ? OrderedBy(call) : .person(try UUID(field: "ordered_by", request.orderedBy)))
  }
}

extension OrderedBy {
  /// Whoever calls; a call that nobody stands behind is not admitted where keys are destroyed.
  package init(_ call: Call) {
    switch call.caller {
    case .person(let token): self = .person(token.subject)
    case .account(let token): self = .service(token.account)
    case .service(let name): self = .service(name)
    case .anonymous: self = .service("anonymous")
    }
  }
}

extension SubjectSubjectRecord {
  fileprivate init(_ record: SubjectRecord) {
    self.init()
    table = record.table
    recordID = record.id
    fields = record.fields.map { field in
      .with {
        $0.name = field.name
        $0.value = field.value
      }
    }
  }
}

extension SubjectSubjectTableCount {
  fileprivate init(_ erased: ErasedRows) {
    self.init()
    table = erased.table
    rows = UInt64(erased.rows)
  }
}

extension SubjectSubjectTableScan {
  fileprivate init(_ finding: SubjectScan.Finding) {
    self.init()
    table = finding.table
    rowsRead = UInt64(finding.rowsRead)
    rowsFound = UInt64(finding.rowsFound)
  }
}
