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
  var data: [String]
  var recipients: [String]
  var retention: String
  var transfer = "none: data and backups stay within the EEA"
}

extension Activity {
  static let catalogue: [Activity] = clients + own

  private static let participants = ["participants", "coaches", "managers", "administrators"]
  private static let whileContract =
    "while the organisation uses the service, and one calendar month after (clause 29)"

  /// For client organisations, which are the controllers.
  private static let clients: [Activity] = [
    Activity(
      id: "accounts", clause: "12a",
      description: "inviting people, keeping their accounts and enrolling them in programmes",
      purpose: .enrolment, ground: .contract, role: .processor, people: participants,
      data: ["name", "e-mail address", "rights and manager", "programmes"],
      recipients: ["the organisation's administrators"], retention: whileContract),
    Activity(
      id: "sign-in", clause: "41",
      description: "letting people, and nobody else, sign in",
      purpose: .signIn, ground: .contract, role: .processor, people: participants,
      data: ["e-mail address", "password hash", "second factor", "sessions and devices"],
      recipients: [], retention: "sessions until they end; the log 400 days; else as accounts"),
    Activity(
      id: "feedback-rounds", clause: "12a",
      description: "asking for feedback, giving it and reading it",
      purpose: .feedback, ground: .contract, role: .processor,
      people: ["participants", "outside feedback givers"],
      data: ["questions", "feedback", "name and e-mail address of outsiders"],
      recipients: ["the person who asked"], retention: whileContract),
    Activity(
      id: "development-goals", clause: "12a",
      description: "setting development goals and following them",
      purpose: .development, ground: .contract, role: .processor, people: ["participants"],
      data: ["goals", "check-ins", "evaluations"], recipients: [], retention: whileContract),
    Activity(
      id: "publishing", clause: "12f",
      description: "showing participants' information to others",
      purpose: .publishing, ground: .consent, role: .processor, people: ["participants"],
      data: ["what the participant consents to"], recipients: ["who the consent names"],
      retention: "until the consent is withdrawn"),
    Activity(
      id: "information", clause: "1",
      description: "telling people what happens with their data, and remembering that they know",
      purpose: .information, ground: .legalDuty, role: .processor,
      people: participants + ["outside feedback givers"],
      data: ["statement version, hash and time of acceptance"],
      recipients: ["the organisation's Authorised Person"], retention: whileContract),
    Activity(
      id: "privacy-requests", clause: "33",
      description: "answering requests about data, consents and objections",
      purpose: .privacyRequests, ground: .legalDuty, role: .processor,
      people: participants + ["outside feedback givers"],
      data: ["the request and its answer", "consents and freezes"],
      recipients: ["the organisation's Authorised Person", "the person"],
      retention: whileContract),
    Activity(
      id: "client-reports", clause: "12b",
      description: "reports to the organisation, without names unless instructed",
      purpose: nil, ground: .contract, role: .processor, people: ["participants"],
      data: ["counts"], recipients: ["the organisation"], retention: whileContract),
    Activity(
      id: "improvement", clause: "12c",
      description: "analyses to improve the service, of groups and never of single persons",
      purpose: nil, ground: .contract, role: .processor, people: ["participants"],
      data: ["counts over groups"], recipients: [], retention: "no personal data"),
  ]

  /// For which IKSO is controller itself.
  private static let own: [Activity] = [
    Activity(
      id: "contracts", clause: "5",
      description: "carrying out the agreement with organisations",
      purpose: .contract, ground: .contract, role: .controller,
      people: ["contact persons of organisations", "Authorised Persons", "operators"],
      data: ["name", "e-mail address", "contract and instructions"], recipients: [],
      retention: "seven years after the contract"),
    Activity(
      id: "operations", clause: "26",
      description: "keeping the service running and safe",
      purpose: .operations, ground: .legitimateInterest, role: .controller,
      people: participants + ["operators"], data: ["pseudonymous identifiers in logs and queues"],
      recipients: [], retention: "logs as configured; queues until delivered, 30 days at most"),
    Activity(
      id: "legal-demands", clause: "12d",
      description: "complying with laws and demands of authorities",
      purpose: nil, ground: .legalDuty, role: .controller, people: participants,
      data: ["what the demand names"], recipients: ["the authority"],
      retention: "as the law that it rests on"),
    Activity(
      id: "billing", clause: "12g",
      description: "costs, payment and collection",
      purpose: nil, ground: .contract, role: .controller, people: ["billing contacts"],
      data: ["name", "e-mail address", "invoices"], recipients: ["debt collectors"],
      retention: "seven years"),
    Activity(
      id: "disputes-and-audits", clause: "12h",
      description: "disputes, accountants' audits and legal duties",
      purpose: nil, ground: .legalDuty, role: .controller, people: participants,
      data: ["what the dispute or audit concerns"], recipients: ["accountants", "courts"],
      retention: "until it has ended"),
  ]
}
