import Access
import Foundation
import HTTP2
import RPC
import Reactor
import Schemas
import SwiftProtobuf
import Synchronization
import Testing

@testable import Launch
@testable import Storage

@Suite struct SubjectDeskTests {
  private let shelf = Shelf()

  @Test func `an export sends each record of the holder's`() async throws {
    let reactors = try ReactorGroup(count: 1)
    reactors.start()
    defer { reactors.shutdown() }
    let (desk, admitted) = (shelf.desk, Shelf.call)
    let server = RPCServer(
      methods: [
        .serverStreaming(
          SubjectDataServiceMethods.exportSubject, admit: { _ in admitted }, desk.exportSubject)
      ],
      configuration: RPCServerConfiguration(
        address: SocketAddress(host: "127.0.0.1", port: 0), tls: nil),
      reactors: reactors)
    try server.start()
    let client = RPCClient(
      endpoint: Endpoint(host: "127.0.0.1", port: server.boundPort), tls: nil, reactors: reactors)
    var records: [SubjectSubjectRecord] = []
    for try await record in try await SubjectDataServiceClient(client).exportSubject(shelf.request)
    {
      records.append(record)
    }
    #expect(records.map(\.table) == ["box", "lid"])
    #expect(records.map(\.recordID) == ["1", "2"])
    #expect(records[0].fields.map(\.name) == ["note", "stored_at"])
    #expect(records[0].fields.map(\.value) == ["Hat", "1970-01-01T00:00:00.250Z"])
    #expect(shelf.asked == [shelf.subject])
    await client.shutdown()
    await server.shutdown(grace: .zero)
  }

  @Test func `a description tells each column's class, and none for what has none`() async throws {
    let answer = try await shelf.desk.describeHoldings(.init(), Shelf.call)
    #expect(answer.tables.map(\.name) == ["shelf.box"])
    let columns = answer.tables[0].columns
    #expect(columns.map(\.name) == ["tenant_id", "note", "new"])
    #expect(columns.map(\.kind) == [.none, .confidential, .unspecified])
    #expect(columns.map(\.isSealed) == [false, true, false])
    #expect(shelf.asked.isEmpty)
  }

  @Test func `an erasure counts the rows of each table`() async throws {
    let answer = try await shelf.desk.eraseSubject(shelf.request, Shelf.call)
    #expect(answer.keyDestroyed)
    #expect(answer.erased.map(\.table) == ["box", "lid"])
    #expect(answer.erased.map(\.rows) == [3, 0])
    #expect(shelf.asked == [shelf.subject])
  }

  @Test func `an erasure is on the order of whom the privacy service names`() async throws {
    let officer = UUID()
    var request = shelf.request
    request.orderedBy = officer.uuidString
    _ = try await shelf.desk.eraseSubject(request, Shelf.call)
    #expect(shelf.asked.map(\.orderedBy) == [.person(officer)])
    request.orderedBy = "somebody"
    let error = await #expect(throws: RPCError.self) {
      try await shelf.desk.eraseSubject(request, Shelf.call)
    }
    #expect(error?.code == .invalidArgument && error?.message.hasPrefix("ordered_by") == true)
  }

  @Test func `a scan looks in the organisation and tells of every table`() async throws {
    let answer = try await shelf.desk.scanSubject(shelf.scan(needles: 64), Shelf.call)
    #expect(answer.tables.map(\.table) == [shelf.subject.tenant.uuidString, "lid"])
    #expect(answer.tables.map(\.rowsRead) == [7, 5])
    #expect(answer.tables.map(\.rowsFound) == [2, 0])
  }

  @Test func `more needles than the bound are refused`() async {
    let error = await #expect(throws: RPCError.self) {
      try await shelf.desk.scanSubject(shelf.scan(needles: 65), Shelf.call)
    }
    #expect(error?.code == .invalidArgument && error?.message.contains("64") == true)
  }

  @Test func `clause 34: a restriction is confirmed once this process refuses what it stops`()
    async throws
  {
    let list = PurposeList()
    func hear(_ purposes: [String], _ sequence: Int64) {
      let changes = purposes.map {
        PurposeChange(
          tenant: shelf.subject.tenant, person: shelf.subject.person, purpose: $0, mark: .stopped)
      }
      list.add(
        PurposeChanges(changes, sequence: sequence, reset: sequence == 1, isComplete: true))
    }
    hear(["feedback"], 1)
    async let answer = shelf.desk.restrictSubject(
      shelf.restriction("feedback", "development"), Shelf.call(following: list))
    #expect(
      try await shelf.desk.restrictSubject(
        shelf.restriction("feedback"), Shelf.call(following: list)
      ).sequence >= 1)
    hear(["development"], 2)
    let confirmed = try await answer
    #expect(confirmed.sequence == 2)
  }

  @Test(arguments: [
    ([], StatusCode.invalidArgument), (["feedback", "sign-in"], .invalidArgument),
    (.init(repeating: "feedback", count: 65), .invalidArgument),
    (["feedback"], .failedPrecondition),
  ])
  func `a process that follows no purposes, or is asked for what none stops, confirms nothing`(
    purposes: [String], code: StatusCode
  ) async {
    let error = await #expect(throws: RPCError.self) {
      try await shelf.desk.restrictSubject(
        .with {
          $0.organisationID = shelf.subject.tenant.uuidString
          $0.subjectID = shelf.subject.person.uuidString
          $0.purposes = purposes
        }, Shelf.call)
    }
    #expect(error?.code == code)
  }

  @Test(arguments: [
    ("7", UUID().uuidString, "organisation_id must be a UUID"),
    (UUID().uuidString, "", "subject_id is missing"),
  ])
  func `what is no id is refused by its field`(
    organisation: String, subject: String, message: String
  ) async {
    let request = SubjectSubjectRequest.with {
      $0.organisationID = organisation
      $0.subjectID = subject
    }
    let error = await #expect(throws: RPCError.self) {
      try await shelf.desk.eraseSubject(request, Shelf.call)
    }
    #expect(error?.code == .invalidArgument && error?.message.hasPrefix(message) == true)
    #expect(shelf.asked.isEmpty)
  }
}

/// Holds two records about whomever it is asked about, and remembers whom.
private final class Shelf: SubjectHolder {
  let subject = Subject(
    Mandate(tenant: UUID(), purpose: "privacy-requests"), person: UUID(),
    orderedBy: .service("privacy"))
  private let log = Mutex<[Subject]>([])

  var asked: [Subject] { log.withLock(\.self) }

  var desk: SubjectDesk {
    SubjectDesk(
      self,
      scan: { tenant, _, _, _ in
        SubjectScan.Progress(done: [
          SubjectScan.Finding(table: tenant.uuidString, rowsRead: 7, rowsFound: 2),
          SubjectScan.Finding(table: "lid", rowsRead: 5, rowsFound: 0),
        ])
      },
      describe: {
        [
          Holdings.Table(
            name: "shelf.box",
            columns: [
              .init(name: "tenant_id", kind: .nothing, isSealed: false),
              .init(name: "note", kind: .confidential, isSealed: true),
              .init(name: "new", kind: nil, isSealed: false),
            ])
        ]
      })
  }

  var request: SubjectSubjectRequest {
    .with {
      $0.organisationID = subject.tenant.uuidString
      $0.subjectID = subject.person.uuidString
    }
  }

  func scan(needles: Int) -> SubjectScanSubjectRequest {
    .with {
      $0.organisationID = subject.tenant.uuidString
      $0.subjectID = subject.person.uuidString
      $0.needles = (0..<needles).map { "needle \($0)" }
    }
  }

  func restriction(_ purposes: String...) -> SubjectRestrictSubjectRequest {
    .with {
      $0.organisationID = subject.tenant.uuidString
      $0.subjectID = subject.person.uuidString
      $0.purposes = purposes
    }
  }

  static var call: Call { call(following: nil) }

  static func call(following purposes: PurposeList?) -> Call {
    Call(
      caller: .service("privacy"),
      rpc: ServerCall(method: SubjectDataServiceMethods.eraseSubject),
      policy: SubjectDataServicePolicies.eraseSubject, purposes: purposes)
  }

  func export(_ subject: Subject, _ send: (SubjectRecord) async throws -> Void) async throws {
    log.withLock { $0.append(subject) }
    try await send(
      SubjectRecord(
        table: "box", id: "1",
        fields: [
          SubjectRecord.Field(name: "note", value: "Hat"),
          SubjectRecord.Field(name: "stored_at", time: Date(timeIntervalSince1970: 0.25)),
        ]))
    try await send(SubjectRecord(table: "lid", id: "2", fields: []))
  }

  func erase(_ subject: Subject) async throws -> [ErasedRows] {
    log.withLock { $0.append(subject) }
    return [ErasedRows(table: "box", rows: 3), ErasedRows(table: "lid", rows: 0)]
  }
}
