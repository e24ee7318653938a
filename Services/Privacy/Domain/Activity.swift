/// GDPR Art. 6(1).
enum LegalGround: String, Sendable, CaseIterable {
  case consent = "consent (Art. 6(1)(a))"
  case contract = "contract (Art. 6(1)(b))"
  case legalDuty = "legal duty (Art. 6(1)(c))"
  case legitimateInterest = "legitimate interest (Art. 6(1)(f))"
}

/// What IKSO is in a processing activity (clause 4).
enum ProcessingRole: String, Sendable, CaseIterable {
  case controller
  case processor
}

/// A processing activity: what personal data are processed for, on which ground, whose, which, for
/// whom and how long (clauses 12 to 12h; GDPR Art. 30).
struct Activity: Sendable, Equatable {
  /// Stays the same over versions.
  var id: String
  var clause: String
  var description: String
  /// Of the methods that serve it; nil: the software does nothing for it.
  var purpose: Purpose?
  var ground: LegalGround
  var role: ProcessingRole
  var people: [String]
  var data: [DataCategory]
  var recipients: [String]
  var term: RetentionTerm
}

/// A category of data, and whether somebody has to give it to use the service (clause 15).
struct DataCategory: Sendable, Equatable {
  var name: String
  var isCompulsory: Bool
  /// What is not possible without it; of what may be left out, what it is for.
  var why: String

  static func compulsory(_ name: String, _ why: String) -> DataCategory {
    DataCategory(name: name, isCompulsory: true, why: why)
  }

  static func optional(_ name: String, _ why: String) -> DataCategory {
    DataCategory(name: name, isCompulsory: false, why: why)
  }

  /// As people are told it.
  var description: String { "\(name) (\(isCompulsory ? "compulsory" : "optional"): \(why))" }
}

extension Activity {
  static let catalogue: [Activity] = clients + own

  /// Those that people of this kind are told of.
  static func concerning(_ kind: SubjectKind) -> [Activity] {
    let people = kind == .participant ? "participants" : guests
    return catalogue.filter { $0.people.contains(people) }
  }

  private static let participants = ["participants", "coaches", "managers", "administrators"]
  private static let guests = "outside feedback givers"

  /// For client organisations, which are the controllers.
  private static let clients: [Activity] = [
    Activity(
      id: "accounts", clause: "12a",
      description: "inviting people, keeping their accounts and enrolling them in programmes",
      purpose: .enrolment, ground: .contract, role: .processor, people: participants,
      data: [
        .compulsory("name", "colleagues know you by it"),
        .compulsory("e-mail address", "you are invited by it"),
        .compulsory("rights", "they decide what you see"),
        .optional("manager", "for organisations that follow development with managers"),
        .optional("programmes", "for what your organisation enrols you in"),
      ],
      recipients: ["the organisation's administrators"], term: .whileContract),
    Activity(
      id: "learning-paths", clause: "12e",
      description: "opening online learning paths to those who take part in a programme",
      purpose: .enrolment, ground: .contract, role: .processor, people: ["participants"],
      data: [
        .optional("learning paths of your programmes", "they end with the programme")
      ], recipients: [], term: .whileContract),
    Activity(
      id: "sign-in", clause: "41",
      description: "letting people, and nobody else, sign in",
      purpose: .signIn, ground: .contract, role: .processor, people: participants,
      data: [
        .compulsory("e-mail address", "you sign in with it"),
        .compulsory("password, as a hash", "nobody else can sign in as you"),
        .compulsory("sessions", "you stay signed in, and can end it anywhere"),
        .optional("second factor", "it protects you further; some rights need it"),
        .optional("remembered devices", "so that you are not asked for the second factor there"),
      ],
      recipients: [],
      term: .rules(
        .organisation, besides: "sessions until they end, the log of sign-ins 400 days")),
    Activity(
      id: "feedback-rounds", clause: "12a",
      description: "asking for feedback, giving it and reading it",
      purpose: .feedback, ground: .contract, role: .processor,
      people: ["participants", guests],
      data: [
        .optional("your questions", "you decide whom you ask and what"),
        .optional("feedback", "you decide whether you give it"),
        .compulsory("name and e-mail address of an outsider", "without them nobody can be asked"),
      ],
      recipients: ["the person who asked"], term: .whileContract),
    Activity(
      id: "development-goals", clause: "12a",
      description: "setting development goals and following them",
      purpose: .development, ground: .contract, role: .processor, people: ["participants"],
      data: [
        .optional("goals", "you decide what you set yourself"),
        .optional("check-ins and evaluations", "you decide what you write down"),
      ], recipients: [], term: .whileContract),
    Activity(
      id: "publishing", clause: "12f",
      description: "showing participants' information to others",
      purpose: .publishing, ground: .consent, role: .processor, people: ["participants"],
      data: [.optional("what you consent to", "nothing is shown without")],
      recipients: ["who the consent names"],
      term: .besides("until the consent is withdrawn")),
    Activity(
      id: "information", clause: "1",
      description: "telling people what happens with their data, and remembering that they know",
      purpose: .information, ground: .legalDuty, role: .processor,
      people: participants + [guests],
      data: [
        .compulsory("which statement you accepted, and when", "nobody is let in uninformed")
      ],
      recipients: ["the organisation's Authorised Person"], term: .whileContract),
    Activity(
      id: "privacy-requests", clause: "33",
      description: "answering requests about data, consents and objections",
      purpose: .privacyRequests, ground: .legalDuty, role: .processor,
      people: participants + [guests],
      data: [
        .compulsory("the request and its answer", "without them it cannot be answered"),
        .optional("consents, withdrawals and objections", "you decide on them"),
      ],
      recipients: ["the organisation's Authorised Person", "the person"],
      term: .rules(.request, .archive, .freeze, .organisation)),
    Activity(
      id: "client-reports", clause: "12b",
      description: "reports to the organisation, of groups and without names",
      purpose: .contract, ground: .contract, role: .processor, people: ["participants"],
      data: [.compulsory("counts", "they are the report")],
      recipients: ["the organisation"], term: .whileContract),
    Activity(
      id: "named-reports", clause: "12b",
      description: "reports to the organisation with names",
      purpose: .reporting, ground: .contract, role: .processor, people: ["participants"],
      data: [
        .optional("names", "for a report with names, if your organisation has instructed that")
      ],
      recipients: ["the organisation"], term: .whileContract),
    Activity(
      id: "improvement", clause: "12c",
      description: "analyses to improve the service, of groups and never of single persons",
      purpose: nil, ground: .contract, role: .processor, people: ["participants"],
      data: [.compulsory("counts over groups", "they are what is analysed")],
      recipients: [], term: .besides("no longer than the analysis: nothing personal is left")),
  ]

  /// For which IKSO is controller itself.
  private static let own: [Activity] = [
    Activity(
      id: "contracts", clause: "5",
      description: "carrying out the agreement with organisations",
      purpose: .contract, ground: .contract, role: .controller,
      people: ["contact persons of organisations", "Authorised Persons", "operators"],
      data: [
        .compulsory("name and e-mail address", "the parties reach each other by them"),
        .compulsory("contract and instructions", "nothing is processed without"),
      ], recipients: [],
      term: .besides("seven years after the contract")),
    Activity(
      id: "operations", clause: "26",
      description: "keeping the service running and safe",
      purpose: .operations, ground: .legitimateInterest, role: .controller,
      people: participants + [guests, "operators"],
      data: [.compulsory("pseudonyms in logs and queues", "faults and misuse are found by them")],
      recipients: [],
      term: .besides("logs as configured; queues until delivered, 30 days at most")),
    Activity(
      id: "forms", clause: "17",
      description: "answering who writes by a contact or demo form",
      purpose: .information, ground: .legitimateInterest, role: .controller,
      people: ["visitors"],
      data: [
        .compulsory("name and e-mail address", "they are needed to answer"),
        .optional("phone and function", "for an answer by phone, and one that fits"),
      ], recipients: [], term: .besides("until the case is closed")),
    Activity(
      id: "newsletter", clause: "18", description: "sending the newsletter",
      purpose: .information, ground: .consent, role: .controller, people: ["subscribers"],
      data: [.compulsory("e-mail address", "it is sent there")], recipients: [],
      term: .rules(.subscriber, besides: "until it is unsubscribed from")),
    Activity(
      id: "applicants", clause: "45", description: "procedures with applicants",
      purpose: .information, ground: .contract, role: .controller, people: ["applicants"],
      data: [
        .compulsory("name, address, e-mail, phone and birth date", "the procedure needs them")
      ], recipients: [],
      term: .rules(.application)),
    Activity(
      id: "breaches-and-complaints", clause: "39",
      description: "handling data leaks and complaints",
      purpose: .privacyRequests, ground: .legalDuty, role: .controller,
      people: participants + [guests, "who reports or complains"],
      data: [.compulsory("the report and its handling", "the law asks for it")],
      recipients: ["affected organisations", "the supervisory authority"],
      term: .rules(.breach, .breachNotice, .complaint)),
    Activity(
      id: "legal-demands", clause: "12d",
      description: "complying with laws and demands of authorities",
      purpose: .privacyRequests, ground: .legalDuty, role: .controller,
      people: participants + [guests],
      data: [.compulsory("what the demand names", "the law asks for it")],
      recipients: ["the authority"], term: .whileContract),
    Activity(
      id: "billing", clause: "12g",
      description: "costs, payment and collection",
      purpose: .contract, ground: .contract, role: .controller, people: ["billing contacts"],
      data: [.compulsory("name, e-mail address and invoices", "to be paid")],
      recipients: ["debt collectors"], term: .besides("seven years")),
    Activity(
      id: "disputes-and-audits", clause: "12h",
      description: "disputes, accountants' audits and legal duties",
      purpose: .privacyRequests, ground: .legalDuty, role: .controller,
      people: participants + [guests],
      data: [.compulsory("what the dispute or audit concerns", "the law asks for it")],
      recipients: ["accountants", "courts"],
      term: .rules(.legalHold, besides: "what it concerns until it has ended")),
  ]
}
