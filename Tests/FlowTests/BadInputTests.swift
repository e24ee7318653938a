import Foundation
import Postgres
import RPC
import Schemas
import SwiftProtobuf
import Testing

/// Bad input gets a clear error and changes nothing: the rows of the organisation are counted in
/// every table before and after.
struct BadInputTests {
  /// Expects a refusal that leaves every table of the organisation as it was.
  private func expectNothingChanged<Value>(
    in organisation: Organisation, _ code: StatusCode, _ words: String..., what: String,
    sourceLocation: SourceLocation = #_sourceLocation, _ body: () async throws -> Value
  ) async throws {
    let pool = organisation.house.superuser
    let before = try await Tables.counts(of: organisation.uuid, in: pool)
    let refused = try await refusal(what, sourceLocation: sourceLocation, body)
    #expect(refused.code == code, "\(what): \(refused)", sourceLocation: sourceLocation)
    for word in words {
      #expect(
        refused.message.contains(word), "\(what): \(refused)", sourceLocation: sourceLocation)
    }
    let after = try await Tables.counts(of: organisation.uuid, in: pool)
    #expect(before == after, "\(what) left something", sourceLocation: sourceLocation)
  }

  /// A file, the place of its first fault, and a word of the explanation.
  static let files: [(what: String, csv: [UInt8], place: String, word: String)] = [
    ("a quote that never ends", "name,email,role\r\nAnna,\"a@example.org,participant\r\n",
      "line 2, column 6", "never ends"),
    ("a quote inside a field", "name,email,role\nAn\"na,a@example.org,participant\n",
      "line 2, column 3", "quote"),
    ("text after a quote", "name,email,role\n\"Anna\"x,a@example.org,participant\n",
      "line 2, column 7", "quote"),
    ("a lone carriage return", "name,email,role\rAnna,a@example.org,participant\r",
      "line 1, column 16", "carriage return"),
    ("too few fields", "name,email,role\nAnna,a@example.org,participant\nBert,b@example.org\n",
      "line 3, column 1", "2 fields instead of 3"),
    ("too many fields", "name,email,role\nAnna,a@example.org,participant,x\n",
      "line 2, column 1", "4 fields"),
    ("no e-mail address", "name,email,role\nAnna,anna-at-example.org,participant\n",
      "line 2, column 6", "e-mail"),
    ("no name", "name,email,role\n\"  \",a@example.org,participant\n",
      "line 2, column 1", "name"),
    ("an unknown role", "name,email,role\nAnna,a@example.org,keizer\n",
      "line 2, column 20", "participant"),
    ("an unknown column", "name,email,role,birthday\nAnna,a@example.org,participant,1\n",
      "line 1, column 17", "birthday"),
    ("a missing column", "name,email\nAnna,a@example.org\n", "line 1, column 1", "role"),
    ("a column twice", "name,name,email,role\nA,A,a@example.org,participant\n",
      "line 1, column 6", "twice"),
    ("an address twice",
      "name,email,role\nA,a@example.org,participant\nB,A@EXAMPLE.org,participant\n",
      "line 3, column 3", "line 2"),
  ].map { ($0.0, Array($0.1.utf8), $0.2, $0.3) } + [
    ("Latin-1", Array("name,email,role\nZo".utf8) + [0xEB] + Array(",z@example.org,coach\n".utf8),
      "line 2, column 3", "UTF-8")
  ]

  @Test(arguments: files.indices) func `a malformed file is refused with line and column`(
    _ index: Int
  ) async throws {
    let file = Self.files[index]
    let organisation = try await Organisation.make(statement: nil)
    try await expectNothingChanged(
      in: organisation, .invalidArgument, file.place, file.word, what: file.what
    ) {
      try await organisation.house.identity.importParticipants(
        .with {
          $0.organisationID = organisation.id
          $0.csv = Data(file.csv)
        }, try await organisation.house.operators.options())
    }
  }

  @Test func `one bad line among ten thousand keeps all of them out`() async throws {
    let organisation = try await Organisation.make(statement: nil)
    var csv = "name,email,role\n"
    for number in 2...10_001 {
      csv += "P\(number),p\(number)@\(number == 7_777 ? "" : "example.org"),participant\n"
    }
    let data = Data(csv.utf8)
    try await expectNothingChanged(
      in: organisation, .invalidArgument, "line 7777, column 7", what: "line 7777"
    ) {
      try await organisation.house.identity.importParticipants(
        .with {
          $0.organisationID = organisation.id
          $0.csv = data
        }, try await organisation.house.operators.options())
    }
  }

  @Test func `an address that is there already is refused with its line`() async throws {
    let organisation = try await Organisation.make(statement: nil)
    let invited = try await organisation.invite("Anna Eerst")[0]
    let csv = """
      name,email,role
      Nieuw,nieuw.\(organisation.tag)@example.org,participant
      Anna Weer,\(invited.email.uppercased()),coach
      """
    try await expectNothingChanged(
      in: organisation, .alreadyExists, "line 3", what: "a duplicate e-mail"
    ) {
      try await organisation.house.identity.importParticipants(
        .with {
          $0.organisationID = organisation.id
          $0.csv = Data(csv.utf8)
        }, try await organisation.house.operators.options())
    }
    try await organisation.house.mailIsOut(of: organisation)
    let mails = try organisation.house.mailbox.messages(
      to: "nieuw.\(organisation.tag)@example.org")
    #expect(mails.isEmpty, "somebody was invited by a file that was refused")
  }

  @Test func `two imports of one file at once enrol everybody once`() async throws {
    let organisation = try await Organisation.make(statement: nil)
    let house = organisation.house
    let operators = try await house.operators.options()
    let csv = "name,email,role\nA,a.\(organisation.tag)@example.org,participant\n"
    let codes = await withTaskGroup(of: StatusCode.self) { group in
      for _ in 0..<6 {
        group.addTask {
          do {
            _ = try await house.identity.importParticipants(
              .with {
                $0.organisationID = organisation.id
                $0.csv = Data(csv.utf8)
              }, operators)
            return .ok
          } catch { return (error as? RPCError)?.code ?? .unknown }
        }
      }
      var codes: [StatusCode] = []
      for await code in group { codes.append(code) }
      return codes
    }
    #expect(codes.filter { $0 == .ok }.count == 1)
    #expect(codes.allSatisfy { [.ok, .alreadyExists, .aborted].contains($0) }, "\(codes)")
    let counts = try await Tables.counts(of: organisation.uuid, in: house.superuser)
    #expect(counts["identity.person"] == 1 && counts["identity.invitation"] == 1)
  }

  @Test func `a statement that is not UTF-8, too large, empty or without contact is refused`()
    async throws
  {
    let organisation = try await Organisation.make(statement: nil)
    let house = organisation.house
    let operators = try await house.operators.options()
    let good = Array("# Verklaring\n".utf8)
    let cases: [(what: String, text: [UInt8], contact: String, words: [String])] = [
      ("Latin-1", Array("# Priv".utf8) + [0xE9, 0x0A], "a@example.org", ["UTF-8", "byte 6"]),
      ("an overlong slash", good + [0xC0, 0xAF], "a@example.org", ["UTF-8", "byte 13"]),
      ("a surrogate", good + [0xED, 0xA0, 0x80], "a@example.org", ["UTF-8", "byte 13"]),
      ("cut in a letter", good + [0xE2, 0x82], "a@example.org", ["UTF-8", "byte 13"]),
      ("a NUL", good + [0x00], "a@example.org", ["NUL"]),
      ("one byte too many", [UInt8](repeating: 0x61, count: 1_048_577), "a@example.org",
        ["1048577", "1048576"]),
      ("empty", [], "a@example.org", ["empty"]),
      ("white space", Array(" \n\t".utf8), "a@example.org", ["empty"]),
      ("no contact", good, "", ["contact"]),
      ("a contact of two lines", good, "a@example.org\nBcc: x", ["contact"]),
    ]
    for (what, text, contact, words) in cases {
      let refused = try await refusal(what) {
        try await house.privacy.publishStatement(
          .with {
            $0.organisationID = organisation.id
            $0.markdown = Data(text)
            $0.contact = contact
          }, operators)
      }
      #expect(refused.code == .invalidArgument, "\(what): \(refused)")
      for word in words { #expect(refused.message.contains(word), "\(what): \(refused)") }
    }
    let counts = try await Tables.counts(of: organisation.uuid, in: house.superuser)
    #expect(counts["privacy.statement"] == 0)
  }

  @Test func `an expired, used or replaced invitation says so, an unknown one does not`()
    async throws
  {
    let organisation = try await Organisation.make()
    let house = organisation.house
    let expired = try await organisation.invite("Eva Laat")[0]
    try await house.sql(
      """
      UPDATE identity.invitation SET expires_at = now() - interval '1 second'
      WHERE tenant_id = \(organisation.uuid)
      """)
    try await expectNothingChanged(
      in: organisation, .failedPrecondition, "expired", what: "opening an expired invitation"
    ) { try await expired.open() }
    try await expectNothingChanged(
      in: organisation, .failedPrecondition, "expired", what: "a password for it"
    ) {
      try await house.identity.setPassword(
        .with {
          $0.invitationCode = expired.code
          $0.password = Samples.password()
        })
    }
    _ = try await house.identity.resendInvitation(
      .with {
        $0.organisationID = organisation.id
        $0.email = expired.email
      }, try await house.operators.options())
    let again = Invited(
      organisation: organisation, name: expired.name, email: expired.email,
      code: try await house.mailbox.code(to: expired.email, except: [expired.code]))
    try await expectRefusal(.failedPrecondition, "newer", what: "the replaced code") {
      try await expired.open()
    }
    let member = try await again.onboard()
    try await expectNothingChanged(
      in: organisation, .failedPrecondition, "used", what: "the code a second time"
    ) {
      try await house.identity.setPassword(
        .with {
          $0.invitationCode = again.code
          $0.password = Samples.password()
        })
    }
    _ = try await member.signIn()
    for code in ["", "abc", String(again.code.dropLast()), String(again.code.reversed())] {
      try await expectRefusal(.notFound, what: "the code '\(code.count)'") {
        try await house.identity.openInvitation(.with { $0.code = code })
      }
    }
  }

  @Test func `a weak password is refused with the reason and the invitation stays good`()
    async throws
  {
    let organisation = try await Organisation.make()
    let invited = try await organisation.invite("Frank Zwak")[0]
    for (password, word) in [
      ("", "15"), ("kort", "15"), ("passwordpassword", "first"),
      ("frankzwakfrankzwak", "name"), (String(repeating: "x", count: 300), "256"),
    ] {
      try await expectNothingChanged(
        in: organisation, .invalidArgument, "password", word, what: "'\(password.prefix(20))'"
      ) {
        try await organisation.house.identity.setPassword(
          .with {
            $0.invitationCode = invited.code
            $0.password = password
          })
      }
    }
    _ = try await invited.onboard()
  }

  @Test func `wrong requests of feedback and goals name the field and store nothing`()
    async throws
  {
    let organisation = try await Organisation.make()
    let member = try await organisation.member("Guy Fout")
    let house = organisation.house
    let goals: [(String, GoalsCreateGoalRequest)] = [
      ("title", .with { $0.title = "" }),
      ("title", .with { $0.title = String(repeating: "x", count: 201) }),
      ("due_on", .with { $0.title = "x"; $0.dueOn = "31-12-2027" }),
      ("due_on", .with { $0.title = "x"; $0.dueOn = "2027-02-29" }),
      ("feedback_ids", .with { $0.title = "x"; $0.feedbackIds = ["geen-id"] }),
      ("title", .with { $0.title = "nul\u{0}" }),
    ]
    for (field, request) in goals {
      try await expectNothingChanged(
        in: organisation, .invalidArgument, field, what: "a goal with a bad \(field)"
      ) { try await house.goals.createGoal(request, member.options) }
    }
    let rounds: [(String, FeedbackAskFeedbackRequest)] = [
      ("outsiders", .with { $0.topic = "t"; $0.question = "q"; $0.visibility = .asker }),
      ("colleague_ids", .with {
        $0.topic = "t"; $0.question = "q"; $0.visibility = .asker
        $0.colleagueIds = [member.id]
      }),
      ("visibility", .with { $0.topic = "t"; $0.question = "q" }),
      ("outsiders[0].email", .with {
        $0.topic = "t"; $0.question = "q"; $0.visibility = .asker
        $0.outsiders = [.with { $0.name = "N"; $0.email = "n@x@y" }]
      }),
      ("outsiders[0].name", .with {
        $0.topic = "t"; $0.question = "q"; $0.visibility = .asker
        $0.outsiders = [.with { $0.name = "N\r\nBcc: x@y.org"; $0.email = "n@example.org" }]
      }),
    ]
    for (field, request) in rounds {
      try await expectNothingChanged(
        in: organisation, .invalidArgument, field, what: "a round with bad \(field)"
      ) { try await house.feedback.askFeedback(request, member.options) }
    }
  }
}
