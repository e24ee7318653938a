/// Why the law lets a request be refused, by its name in the schema; GDPR unless it says otherwise.
enum RefusalGround: String, Sendable, CaseIterable {
  case manifestlyUnfounded = "manifestly_unfounded"
  case excessive
  case notIdentified = "not_identified"
  case freeExpression = "free_expression"
  case legalObligation = "legal_obligation"
  case publicHealth = "public_health"
  case archivingOrResearch = "archiving_or_research"
  case legalClaims = "legal_claims"
  case compellingInterest = "compelling_interest"
  case rightsOfOthers = "rights_of_others"
  case notPortable = "not_portable"
  case accurate
  case noConsent = "no_consent"

  /// The kinds of request that it holds for.
  var kinds: Set<RequestKind> {
    switch self {
    // Art. 12(5), 12(2) and 12(6).
    case .manifestlyUnfounded, .excessive, .notIdentified: Set(RequestKind.allCases)
    // Art. 17(3)(a) to (c).
    case .freeExpression, .legalObligation, .publicHealth: [.erasure]
    // Art. 17(3)(d) and 21(6), 17(3)(e) and 21(1).
    case .archivingOrResearch, .legalClaims: [.erasure, .objection]
    // Art. 21(1).
    case .compellingInterest: [.objection]
    // Art. 15(4) and 20(4).
    case .rightsOfOthers: [.access, .portability]
    // Art. 20(1).
    case .notPortable: [.portability]
    // Art. 16 and 18(1).
    case .accurate: [.rectification, .restriction]
    // Art. 7(3).
    case .noConsent: [.withdrawal]
    }
  }
}
