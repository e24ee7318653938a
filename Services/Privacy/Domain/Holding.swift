/// A column that says something about people, as the service that holds it describes it.
struct Holding: Sendable, Equatable {
  var service: String
  /// With its schema.
  var table: String
  var column: String
  /// Nil: the service knows a class that this one does not.
  var kind: Kind?
  var isSealed: Bool

  /// How much it says about a person, as its class is called.
  enum Kind: String, Sendable {
    case pseudonym
    case personal
    case confidential
    case secret
  }

  static let columns = [
    "service", "table", "column", "class", "sealed", "activity", "retention",
  ]

  var kindName: String { kind?.rawValue ?? "unknown" }
}

extension Activity {
  /// Tables with data about people, by the activity that they are held for: the declared side of
  /// what the services describe.
  static let tables: [String: [String]] = [
    "accounts": [
      "identity.person", "identity.person_correction", "identity.email_change",
      "identity.invitation", "identity.role_grant", "identity.manager_relation",
      "identity.enrolment", "identity.parental_consent", "identity.minor_report",
    ],
    "sign-in": [
      "identity.credential", "identity.password_reset", "identity.totp",
      "identity.recovery_code", "identity.session", "identity.refresh_token",
      "identity.remembered_device", "identity.revocation", "identity.sign_in",
      "identity.security_event",
    ],
    "feedback-rounds": ["feedback.round", "feedback.invitation", "feedback.feedback"],
    "development-goals": ["goals.goal", "goals.goal_feedback", "goals.check_in"],
    "information": [
      "privacy.statement", "privacy.acceptance", "privacy.access_entry",
      "identity.access_event", "feedback.access_event", "goals.access_event",
    ],
    "privacy-requests": [
      "privacy.request", "privacy.request_text", "privacy.archive_chunk", "privacy.download",
      "privacy.proof", "privacy.consent_event", "privacy.purpose_freeze",
      "privacy.purpose_mark",
    ],
    "contracts": [
      "identity.authorised_person", "privacy.instruction", "privacy.storage_instruction",
      "privacy.sub_processor_objection",
    ],
    "operations": [
      "identity.outbox", "identity.notice", "identity.service_assertion",
      "identity.support_access", "feedback.kept_answer", "feedback.outbox", "goals.kept_answer",
      "privacy.kept_answer", "privacy.outbox", "privacy.notice",
    ] + ["identity", "feedback", "goals", "privacy"].flatMap(keyTables),
    "forms": ["privacy.intake_case"],
    "newsletter": ["privacy.subscriber"],
    "applicants": ["privacy.application"],
    "breaches-and-complaints": [
      "privacy.breach", "privacy.breach_entry", "privacy.breach_notice", "privacy.complaint",
    ],
    "legal-demands": ["privacy.legal_demand", "privacy.disclosure"],
    "disputes-and-audits": ["privacy.legal_hold", "privacy.retention_hold"],
  ]

  private static func keyTables(of service: String) -> [String] {
    ["tenant_key", "person_key", "wrapping_key", "platform_secret", "destruction"].map {
      "\(service)_keys.\($0)"
    }
  }

  /// Id of the activity that a table is held for.
  static let activityOfTable = Dictionary(
    uniqueKeysWithValues: tables.flatMap { activity, tables in tables.map { ($0, activity) } })
}

extension ProcessingRecord {
  /// A column with the activity that it is held for.
  struct HeldEntry: Sendable {
    var holding: Holding
    var activity: Activity

    var retention: String { StatementWording.english.said(activity.term) }

    var row: [String] {
      [
        holding.service, holding.table, holding.column, holding.kindName,
        holding.isSealed ? "yes" : "no", activity.id, retention,
      ]
    }
  }

  /// What is held for the activities of the record.
  static func held(_ holdings: [Holding], for activities: [Activity]) -> [HeldEntry] {
    let known = Dictionary(uniqueKeysWithValues: activities.map { ($0.id, $0) })
    return holdings.compactMap { holding in
      Activity.activityOfTable[holding.table].flatMap { known[$0] }.map {
        HeldEntry(holding: holding, activity: $0)
      }
    }
  }

  /// What services hold about people and no activity declares, and what is declared and not held.
  /// - Parameters:
  ///   - described: services that have said what they hold.
  ///   - silent: those that have not.
  ///   - declared: activities by table.
  static func differences(
    _ holdings: [Holding], described: [String], silent: [String],
    declared: [String: String] = Activity.activityOfTable
  ) -> [String] {
    var undeclared: [String: [String]] = [:]
    for holding in holdings where declared[holding.table] == nil {
      undeclared["\(holding.service) holds \(holding.table)", default: []]
        .append("\(holding.column): \(holding.kindName)")
    }
    var differences = undeclared.sorted { $0.key < $1.key }.map {
      "\($0.key) (\($0.value.joined(separator: ", "))), and no activity declares it"
    }
    differences += holdings.filter { holding in
      switch holding.kind {
      case .personal, .confidential, nil: !holding.isSealed
      case .pseudonym, .secret: false
      }
    }.map { "\($0.service) holds \($0.table).\($0.column) (\($0.kindName)) unsealed" }
    let held = Set(holdings.map(\.table))
    differences += declared.filter { table, _ in
      described.contains { table.hasPrefix("\($0).") || table.hasPrefix("\($0)_keys.") }
        && !held.contains(table)
    }.sorted { $0.key < $1.key }.map {
      "\($0.key) is declared for the activity \"\($0.value)\", and no such data are held"
    }
    return differences + silent.sorted().map { "\($0) did not say what it holds" }
  }

  /// RFC 4180, a line for each column.
  var holdingsCSV: String { Self.csv([Holding.columns] + holdings.map(\.row)) }
}
