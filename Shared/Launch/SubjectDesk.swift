package import Access
import Archive
import Cryptography
package import Foundation
package import RPC
package import Schemas
package import Storage
import SwiftProtobuf

/// Answers the privacy service about one person: `SubjectDataService`, the same in every service
/// that holds data about people.
package struct SubjectDesk: SubjectDataServiceHandler {
  /// Goes on with a scan where `from` says, until all is read or `until` is over.
  package typealias Scan =
    @Sendable (
      _ tenant: UUID, SubjectScan.Needles, _ from: SubjectScan.Progress,
      _ until: ContinuousClock.Instant?
    ) async throws -> SubjectScan.Progress

  /// Longest that one call scans, of which several make a scan.
  static let turn: Duration = .seconds(15)
  /// Left of a call's deadline for its answer.
  static let margin: Duration = .seconds(5)

  /// Longest that a call waits for this process to refuse what is stopped: it hears of it within a
  /// second.
  static let patience: Duration = .seconds(10)
  /// Purposes that one call asks for.
  static let maximumPurposes = 64

  private let holder: any SubjectHolder
  private let answers: KeptAnswers?
  private let signer: ErasureSigner?
  private let scan: Scan
  private let describe: @Sendable () async throws -> [Holdings.Table]

  /// - Parameters:
  ///   - answers: those that the service keeps, if it does; an erasure takes them along.
  ///   - signer: of the receipts; nil: none are given.
  ///   - scan: reads every table of the service and of its key store: `Runtime.scan`.
  ///   - describe: all of these tables: `Runtime.holdings`.
  package init(
    _ holder: any SubjectHolder, answers: KeptAnswers? = nil, signer: ErasureSigner? = nil,
    scan: @escaping Scan, describe: @escaping @Sendable () async throws -> [Holdings.Table]
  ) {
    (self.holder, self.answers, self.signer) = (holder, answers, signer)
    (self.scan, self.describe) = (scan, describe)
  }

  package func describeHoldings(
    _ request: SubjectDescribeHoldingsRequest, _ call: Call
  ) async throws -> SubjectDescribeHoldingsResponse {
    let tables = try await describe()
    return .with { $0.tables = tables.map(SubjectHeldTable.init) }
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
    let needles = SubjectScan.Needles(subject: person, texts: request.needles)
    guard let signer else {
      let done = try await scan(tenant, needles, SubjectScan.Progress(), nil)
      return .with { $0.tables = done.findings.map(SubjectSubjectTableScan.init) }
    }
    var end = ContinuousClock.now + Self.turn
    if let deadline = call.rpc.deadline { end = min(end, deadline - Self.margin) }
    let start = try ScanPlace.progress(request, signer)
    let progress = try await scan(tenant, needles, start, end)
    return try .with {
      $0.tables = progress.findings.map(SubjectSubjectTableScan.init)
      $0.publicKey = Data(signer.publicKey)
      if progress.isDone {
        $0.receipt = Data(
          try signer.scanned(progress.findings, request: request.requestID).utf8)
      } else {
        $0.nextPageToken = try signer.sign(ScanPlace(of: request, progress: progress))
      }
    }
  }

  package func restrictSubject(
    _ request: SubjectRestrictSubjectRequest, _ call: Call
  ) async throws -> SubjectRestrictSubjectResponse {
    let tenant = try call.tenant(organisation: request.organisationID)
    let person = try UUID(field: "subject_id", request.subjectID)
    guard (1...Self.maximumPurposes).contains(request.purposes.count) else {
      throw RPCError.invalid("purposes", "must be 1 to \(Self.maximumPurposes)")
    }
    guard Purposes.unstoppable.isDisjoint(with: request.purposes) else {
      throw RPCError.invalid("purposes", "must each be one that can be stopped")
    }
    var end = ContinuousClock.now + Self.patience
    if let deadline = call.rpc.deadline { end = min(end, deadline - Self.margin) }
    guard
      let sequence = try await call.sequence(
        stopping: request.purposes, for: person, in: tenant, until: end)
    else { throw RPCError.failedPrecondition("the purposes are not stopped here yet") }
    return .with { $0.sequence = sequence }
  }
}

/// Where a scan goes on, signed by the service itself: it keeps nothing between two calls, and the
/// receipt at the end vouches for what all of them have read.
private struct ScanPlace: SignedContent {
  static let format = "ikso-scan-place/1"

  var format: String = ScanPlace.format
  /// SHA-256, hexadecimal, of what is looked for, and where: a token is of one scan only.
  var scope: String
  var progress: SubjectScan.Progress

  init(of request: SubjectScanSubjectRequest, progress: SubjectScan.Progress) {
    (scope, self.progress) = (Self.scope(request), progress)
  }

  private static func scope(_ request: SubjectScanSubjectRequest) -> String {
    let parts = [request.organisationID, request.subjectID, request.requestID] + request.needles
    // Lengths first: no two lists make the same bytes.
    let bytes = parts.flatMap { Array("\($0.utf8.count) \($0) ".utf8) }
    return Hex.encode(Digest.sha256(bytes))
  }

  /// As the request's token says; without one, from the beginning.
  static func progress(
    _ request: SubjectScanSubjectRequest, _ signer: ErasureSigner
  ) throws -> SubjectScan.Progress {
    guard !request.pageToken.isEmpty else { return SubjectScan.Progress() }
    guard let place = try? signer.opened(request.pageToken, as: ScanPlace.self),
      place.scope == scope(request)
    else { throw RPCError.invalid("page_token", "is not of this scan: begin it anew") }
    return place.progress
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
        ? OrderedBy(call) : .person(try UUID(field: "ordered_by", request.orderedBy)),
      request: request.requestID.isEmpty ? nil : try UUID(field: "request_id", request.requestID))
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
    columns = finding.columns
  }
}

extension SubjectHeldTable {
  fileprivate init(_ table: Holdings.Table) {
    self.init()
    name = table.name
    columns = table.columns.map { column in
      .with {
        $0.name = column.name
        $0.kind = SubjectHeldClass(column.kind)
        $0.isSealed = column.isSealed
      }
    }
  }
}

extension SubjectHeldClass {
  fileprivate init(_ kind: Holdings.Kind?) {
    switch kind {
    case nil: self = .unspecified
    case .nothing: self = .none
    case .pseudonym: self = .pseudonym
    case .personal: self = .personal
    case .confidential: self = .confidential
    case .secret: self = .secret
    }
  }
}
