import Foundation

/// Why a purpose is frozen for a person (clause 34).
enum FreezeReason: String, Sendable, CaseIterable {
  /// GDPR Art. 21.
  case objection
  /// GDPR Art. 7(3).
  case withdrawal
  /// GDPR Art. 18.
  case restriction
}

/// A purpose that is, or was, stopped for one person.
struct PurposeFreeze: Sendable, Equatable {
  var id: UUID
  var person: UUID
  var purpose: Purpose
  var reason: FreezeReason
  var frozenAt: Date
  /// Nil once their data were erased.
  var frozenBy: UUID?
  /// Nil while it is in force.
  var releasedAt: Date?
  var releasedBy: UUID?
  /// The request that it follows from.
  var request: UUID?
  /// When an officer froze the purpose as well: it outlives the request's refusal. Nil: none did.
  var keptAt: Date?

  /// What is frozen when `named` is asked for: for a restriction all that can be stopped, else what
  /// is named, each once, in the order of the catalogue.
  static func purposes(
    _ named: [Purpose], for reason: FreezeReason
  ) throws(ConsentError) -> [Purpose] {
    if let wrong = named.first(where: { !$0.canBeStopped }) { throw .cannotStop(wrong) }
    if reason == .restriction { return Purpose.allCases.filter(\.canBeStopped) }
    guard !named.isEmpty else { throw .nothingNamed }
    return Purpose.allCases.filter(named.contains)
  }
}

/// What a person did about a purpose.
enum ConsentAct: String, Sendable {
  case given
  case withdrawn
}

/// How a purpose stands for one person.
struct PurposeStanding: Sendable, Equatable {
  var purpose: Purpose
  /// What the person did last; nil: nothing yet.
  var lastAct: ConsentAct?
  /// Of each freeze in force.
  var frozen: Set<FreezeReason>
  var isInstructed: Bool

  /// Whether calls for it are admitted.
  var isAllowed: Bool {
    isInstructed && mark != .stopped && (!purpose.needsConsent || mark == .allowed)
  }

  /// What every service is told of this person. A freeze outweighs a consent.
  var mark: PurposeMark {
    if !frozen.isEmpty { return .stopped }
    return purpose.needsConsent && lastAct == .given ? .allowed : .none
  }
}

/// Why calls for a purpose are refused.
enum PurposeStop: Sendable, Hashable {
  case notInstructed
  case noConsent
  case consentWithdrawn
  case frozen(FreezeReason)
}

extension PurposeStanding {
  /// Empty exactly if calls for it are admitted.
  var stops: [PurposeStop] {
    var stops: [PurposeStop] = isInstructed ? [] : [.notInstructed]
    stops += FreezeReason.allCases.filter(frozen.contains).map { .frozen($0) }
    if purpose.needsConsent, lastAct != .given {
      stops.append(lastAct == .withdrawn ? .consentWithdrawn : .noConsent)
    }
    return stops
  }

  /// Of somebody who has done nothing about it, in an organisation that has neither.
  static func standard(_ purpose: Purpose) -> PurposeStanding {
    PurposeStanding(purpose: purpose, frozen: [], isInstructed: purpose.isStandard)
  }
}

/// What every service is told of a purpose, for a person or for an organisation.
enum PurposeMark: String, Sendable {
  /// As the purpose is for everybody.
  case none
  case stopped
  /// Of a purpose that is off for everybody else.
  case allowed
}

/// What an organisation says of a purpose as the controller (clause 11).
struct PurposeInstruction: Sendable, Equatable {
  enum Act: String, Sendable {
    case given
    case withdrawn
  }

  /// Where it stands: on one line.
  static let referenceLimit = 200

  var purpose: Purpose
  var act: Act
  var reference: String
  var at: Date
  /// Nil once their data were erased.
  var decidedBy: UUID?

  /// What every service is told of the organisation.
  var mark: PurposeMark {
    switch act {
    case .withdrawn: .stopped
    case .given: purpose.isStandard ? .none : .allowed
    }
  }

  static func checked(reference raw: String) throws(ConsentError) -> String {
    let text = raw.trimmingWhitespace()
    guard (1...referenceLimit).contains(text.count), text.utf8.count <= 4 * referenceLimit,
      !text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
    else { throw .badReference }
    guard !CitizenNumber.isFound(in: text) else { throw .citizenNumber(field: "reference") }
    return text
  }

  /// Whether the purpose is instructed, given the latest instruction of it.
  static func isInstructed(_ purpose: Purpose, latest: PurposeInstruction?) -> Bool {
    latest.map { $0.act == .given } ?? purpose.isStandard
  }
}

/// What of consents, freezes and instructions is refused.
enum ConsentError: Error, Equatable {
  case purposeMissing
  case reasonMissing
  case nothingNamed
  /// A legal duty, or the service itself, needs it.
  case cannotStop(Purpose)
  /// It rests on another ground, and the person has not withdrawn from it.
  case needsNoConsent(Purpose)
  case badReference
  case citizenNumber(field: String)
  case freezeAbsent
  case personAbsent
}
