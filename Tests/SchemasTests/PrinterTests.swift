import SwiftProtobufPluginLibrary
import Testing

@testable import protoc_gen_ikso

@Suite struct `What the generator prints` {
  @Test func `a method, its policy, its handler and its client`() throws {
    let swift = try services(
      Fixture(
        access: """
          roles: [ROLE_PRIVACY_OFFICER, ROLE_OPERATOR] services: ["privacy"]
          max_authentication_age_seconds: 900 purpose: "coaching" idempotent: true
          """))
    #expect(
      swift.contains(
        """
        package enum TrialServiceMethods {
          package static let getThing = MethodDescriptor(
            service: "ikso.trial.v1.TrialService", name: "GetThing",
            kind: .unary, idempotent: true)
        """))
    #expect(
      swift.contains(
        """
          package static let getThing = AccessPolicy(
            anyone: false,
            roles: [.privacyOfficer, .operator],
            services: ["privacy"],
            maximumAuthenticationAge: .seconds(900),
            purpose: "coaching", idempotent: true)
        """))
    #expect(
      swift.contains(
        """
        /// Things on trial.
        package protocol TrialServiceHandler: Sendable {
          /// Fetches one thing.
          func getThing(
            _ request: TrialGetThingRequest, _ call: Call
          ) async throws -> TrialThing
        }
        """))
    #expect(
      swift.contains(
        """
          /// Fetches one thing.
          package func getThing(
            _ request: TrialGetThingRequest, _ options: CallOptions = CallOptions()
          ) async throws(RPCError) -> TrialThing {
        """))
  }

  @Test func `every method behind the guard with its own policy`() throws {
    #expect(
      try services(Fixture()).contains(
        """
              RPCMethod.unary(
                TrialServiceMethods.getThing,
                admit: { try await accessGuard.admit($0, TrialServicePolicies.getThing) },
                getThing),
        """))
  }

  @Test(arguments: [
    (
      "(GetThingRequest) returns (stream Thing)", "serverStreaming",
      "_ request: TrialGetThingRequest, _ call: Call, _ responses: ResponseWriter<TrialThing>\n  ) "
        + "async throws\n"
    ),
    (
      "(stream GetThingRequest) returns (Thing)", "clientStreaming",
      "_ requests: RequestStream<TrialGetThingRequest>, _ call: Call\n  ) async throws "
        + "-> TrialThing"
    ),
    (
      "(stream GetThingRequest) returns (stream Thing)", "bidirectional",
      "_ requests: RequestStream<TrialGetThingRequest>, _ call: Call,\n    "
        + "_ responses: ResponseWriter<TrialThing>\n  ) async throws\n"
    ),
  ])
  func `streams as RPC has them`(types: String, kind: String, handler: String) throws {
    let swift = try services(Fixture(method: "rpc Get\(types)"))
    #expect(swift.contains("kind: .\(kind), idempotent: false)"))
    #expect(swift.contains("RPCMethod.\(kind)("))
    #expect(swift.contains(handler), "\(swift)")
  }

  @Test func `types of google protobuf with their import`() throws {
    let swift = try services(
      Fixture(method: "rpc Get(GetThingRequest) returns (google.protobuf.Timestamp)"))
    #expect(swift.contains("package import SwiftProtobuf\n"))
    #expect(swift.contains("-> SwiftProtobuf.Google_Protobuf_Timestamp"))
  }

  @Test func `a standard's methods for anyone, not routed`() throws {
    let standard = Fixture(
      path: "grpc/trial/v1/trial.proto", package: "grpc.trial.v1", access: nil,
      fields: "string name = 1;")
    let swift = try services(standard)
    #expect(swift.contains("anyone: true,"))
    #expect(swift.contains("purpose: \"operations\", idempotent: false)"))
    #expect(try catalogue(standard).contains("\"grpc.trial.v1.TrialService\", isInternal: true,"))
  }

  @Test func `a catalogue of classes and of the methods that carry them`() throws {
    let swift = try catalogue(
      Fixture(
        fields: """
          string id = 1 [(ikso.options.v1.personal_data) = PERSONAL_DATA_PSEUDONYM]; uint32 n = 2;
          """))
    #expect(swift.contains("name: \"ikso.trial.v1.TrialService\", isInternal: false,"))
    #expect(
      swift.contains(
        """
            SchemaMessage(
              name: "ikso.trial.v1.Thing",
              fields: [
                ("id", .pseudonym),
                ("n", .notPersonal),
              ],
              requestOf: [
                "ikso.trial.v1.TrialService/GetThing",
              ],
              responseOf: [
                "ikso.trial.v1.TrialService/GetThing",
              ]),
        """))
  }

  @Test func `that a service is internal`() throws {
    let fixture = Fixture(serviceOptions: "option (ikso.options.v1.internal) = true;")
    #expect(try catalogue(fixture).contains("isInternal: true"))
  }

  @Test func `the columns that fields are sealed in, once each, for their service`() throws {
    func field(_ name: String, _ number: Int, _ column: String) -> String {
      """
      string \(name) = \(number) [(ikso.options.v1.personal_data) = PERSONAL_DATA_PERSONAL, \
      (ikso.options.v1.sealed_in) = "\(column)"];
      """
    }
    let fields =
      field("name", 1, "thing.full_name") + field("alias", 2, "thing.full_name")
      + field("note", 3, "side_note.note")
    let response = try generate(Fixture(fields: fields))
    #expect(response.error == "")
    let file = try #require(response.file.first { $0.name == "Trial.SealedColumns.swift" })
    #expect(
      file.content == """
        // Generated from the fields of ikso.trial.v1 that are sealed_in a column.
        // Don't edit; run Schemas/generate.

        import Storage

        enum SideNoteColumns {
          enum Note: SealedColumn {
            static let table = "side_note"
            static let column = "note"
          }
        }

        enum ThingColumns {
          enum FullName: SealedColumn {
            static let table = "thing"
            static let column = "full_name"
          }
        }

        """)
  }

  @Test func `the same whatever the order of the files`() throws {
    var other = Fixture(path: "ikso/other/v1/other.proto", package: "ikso.other.v1")
    other.serviceName = "OtherService"
    other.prefix = "Other"
    let one = try generate(Fixture(), other)
    #expect(one.error == "")
    #expect(one.file == (try generate(other, Fixture())).file)
  }

  private func services(_ fixture: Fixture) throws -> String {
    try content(fixture, suffix: ".ikso.swift")
  }

  private func catalogue(_ fixture: Fixture) throws -> String {
    try content(fixture, suffix: "SchemaCatalogue.swift")
  }

  private func content(_ fixture: Fixture, suffix: String) throws -> String {
    let response = try generate(fixture)
    #expect(response.error == "")
    return try #require(response.file.first { $0.name.hasSuffix(suffix) }).content
  }
}
