import SwiftProtobufPluginLibrary
import Testing

@testable import protoc_gen_ikso

@Suite struct `What the generator refuses` {
  @Test func `nothing in a schema that says everything`() throws {
    #expect(try generate(Fixture()).error == "")
  }

  @Test func `a method without access, with its place and the remedy`() throws {
    #expect(
      try generate(Fixture(access: nil)).error == """
        1 refusal
        ikso/trial/v1/trial.proto:9:3: method GetThing doesn't say who may call it
          remedy: add option (ikso.options.v1.access) = { roles: […], purpose: "…" };
        """)
  }

  @Test func `a text field without class, with its place and the remedy`() throws {
    #expect(
      try generate(Fixture(fields: "string name = 1;")).error == """
        1 refusal
        ikso/trial/v1/trial.proto:14:3: field Thing.name doesn't say what personal data it holds
          remedy: add [(ikso.options.v1.personal_data) = PERSONAL_DATA_…]: NONE, PSEUDONYM, \
        PERSONAL, CONFIDENTIAL or SECRET
        """)
  }

  @Test(arguments: [
    ("PERSONAL", "thing", "is sealed in 'thing'"), ("PERSONAL", "a.b.c", "is sealed in 'a.b.c'"),
    ("SECRET", "Thing.name", "is sealed in 'Thing.name'"),
    ("PSEUDONYM", "thing.name", "holds nothing that needs it"),
    ("NONE", "thing.name", "holds nothing that needs it"),
  ])
  func `a field that is sealed in no column, or without need`(
    held: String, column: String, reason: String
  ) throws {
    let error = try generate(
      Fixture(
        fields: """
          string name = 1 [(ikso.options.v1.personal_data) = PERSONAL_DATA_\(held), \
          (ikso.options.v1.sealed_in) = "\(column)"];
          """)
    ).error
    #expect(error.contains("field Thing.name") && error.contains(reason), "\(error)")
  }

  @Test func `the gateway as a caller, unless it routes nothing to the service`() throws {
    let access = "services: [\"gateway\"] purpose: \"operations\""
    #expect(try generate(Fixture(access: access)).error.contains("speaks for others here"))
    var hidden = Fixture(access: access)
    hidden.serviceOptions = "option (ikso.options.v1.internal) = true;"
    #expect(try generate(hidden).error == "")
  }

  @Test func `a program where a fresh password is asked for, and support where something changes`()
    throws
  {
    let fresh = "roles: [ROLE_SERVICE] max_authentication_age_seconds: 900 purpose: \"operations\""
    #expect(try generate(Fixture(access: fresh)).error.contains("with ROLE_SERVICE"))
    let support = "roles: [ROLE_SUPPORT] purpose: \"operations\""
    #expect(try generate(Fixture(access: support)).error.contains("ROLE_SUPPORT, and it isn't"))
    #expect(try generate(Fixture(access: support + " idempotent: true")).error == "")
  }

  @Test func `GET for a method whose request holds personal data`() throws {
    let access = "roles: [ROLE_COACH] purpose: \"coaching\" idempotent: true"
    func error(_ fields: String, _ other: String? = nil) throws -> String {
      var fixture = Fixture(access: other ?? access, fields: fields)
      fixture.methodOptions = "option idempotency_level = NO_SIDE_EFFECTS;"
      return try generate(fixture).error
    }
    #expect(
      try error("string name = 1 [(ikso.options.v1.personal_data) = PERSONAL_DATA_PERSONAL];")
        .contains("its request holds personal data in Thing.name"))
    let id = "string id = 1 [(ikso.options.v1.personal_data) = PERSONAL_DATA_PSEUDONYM];"
    #expect(try error(id) == "")
    #expect(
      try error(id, "roles: [ROLE_COACH] purpose: \"coaching\"").contains("isn't idempotent"))
  }

  @Test(arguments: [
    "bytes picture = 1;", "repeated string names = 1;", "map<uint32, string> names = 1;",
    "map<string, uint32> counts = 1;", "optional string name = 1;",
    "oneof one { string name = 1; uint32 number = 2; }", "google.protobuf.StringValue name = 1;",
    "message Inner { string name = 1; }",
    "string name = 1 [(ikso.options.v1.personal_data) = PERSONAL_DATA_UNSPECIFIED];",
  ])
  func `whatever can hold text, without class`(fields: String) throws {
    #expect(
      try generate(Fixture(fields: fields)).error.contains("doesn't say what personal data"))
  }

  @Test func `no number, flag or time without class`() throws {
    let fields =
      "uint32 a = 1; bool b = 2; google.protobuf.Timestamp c = 3; map<uint32, bool> d = 4;"
    #expect(try generate(Fixture(fields: fields)).error == "")
  }

  @Test(arguments: [
    ("purpose: \"coaching\"", "it admits nobody"),
    ("roles: [ROLE_COACH] anyone: true purpose: \"x\"", "anyone is admitted, and somebody in"),
    ("services: [\"goals\"] anyone: true purpose: \"x\"", "anyone is admitted, and somebody in"),
    ("roles: [ROLE_COACH]", "no purpose"),
    ("roles: [ROLE_COACH] purpose: \"Coaching \"", "purpose \"Coaching \" isn't a name"),
    ("roles: [ROLE_COACH, ROLE_COACH] purpose: \"x\"", "role coach is listed twice"),
    ("roles: [ROLE_UNSPECIFIED] purpose: \"x\"", "role unspecified can't be held"),
    ("services: [\"spiffe://ikso/goals\"] purpose: \"x\"", "service \"spiffe://ikso/goals\" isn't"),
    ("services: [\"\"] purpose: \"x\"", "service \"\" isn't a name"),
    ("services: [\"a\", \"a\"] purpose: \"x\"", "service \"a\" is listed twice"),
    (
      "anyone: true max_authentication_age_seconds: 9 purpose: \"x\"",
      "max_authentication_age_seconds without roles"
    ),
  ])
  func `an access that makes no sense, at its own place`(access: String, problem: String) throws {
    let error = try generate(Fixture(access: access)).error
    #expect(
      error.hasPrefix(
        "1 refusal\nikso/trial/v1/trial.proto:10:5: access of GetThing: \(problem)"),
      "\(error)")
    #expect(error.contains("\n  remedy: "))
  }

  @Test func `a package without prefix for its Swift types`() throws {
    let error = try generate(Fixture(prefix: nil)).error
    #expect(error.contains("trial.proto:2:1: package ikso.trial.v1 has no swift_prefix"))
  }

  @Test func `services of a package that is neither ours nor a standard`() throws {
    let error = try generate(Fixture(path: "acme/a.proto", package: "acme.v1")).error
    #expect(error.contains("acme/a.proto:2:1: package acme.v1 has services"))
  }

  @Test func `two services of one name`() throws {
    let other = Fixture(path: "ikso/other/v1/other.proto", package: "ikso.other.v1")
    let error = try generate(Fixture(), other).error
    #expect(error.contains("trial.proto:7:1: service ikso.trial.v1.TrialService has the name of"))
  }

  @Test func `every broken rule at once`() throws {
    let error = try generate(Fixture(access: "", fields: "string a = 1; string b = 2;")).error
    #expect(error.hasPrefix("4 refusals\n"))
  }
}
