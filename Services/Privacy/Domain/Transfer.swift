/// On what ground data may leave the European Economic Area (GDPR chapter V; clause 32).
struct TransferBasis: Sendable, Equatable {
  enum Mechanism: String, Sendable, CaseIterable {
    case standardContractualClauses = "standard_contractual_clauses"
    case bindingCorporateRules = "binding_corporate_rules"
    case derogation
    case adequacyDecision = "adequacy_decision"
  }

  let mechanism: Mechanism
  let reference: String?
  let ground: String?
}

/// Why a transfer would be unlawful.
enum TransferFault: Error, Equatable {
  /// CJEU C-311/18 of 16 July 2020 (Schrems II).
  case privacyShield
  case noMechanism(country: String)
  /// Within the EEA there is no transfer.
  case withinEconomicArea(country: String)
  case notAdequate(country: String, until: String?)
  /// The decision holds for some recipients only, and nothing shows that this is one.
  case limitedDecision(country: String, limitedTo: String)
  case noReference
  case noGround
  /// A ground belongs to a derogation and to nothing else.
  case groundWithoutDerogation
}

extension TransferBasis {
  static let reference = EntryField("basis.reference", 0...200)
  static let ground = EntryField("basis.ground", 0...1_000, isAboutPeople: true)

  /// A basis that holds for `country` on `day`; nil where none is needed, within the EEA.
  ///
  /// - Parameters:
  ///   - mechanism: nil: none was named.
  ///   - day: as in "2026-11-23".
  init?(
    _ mechanism: Mechanism?, reference: String, ground: String, country: Country, on day: String
  ) throws(EntryError) {
    let reference = try Self.reference.checkOptional(reference)
    let ground = try Self.ground.checkOptional(ground)
    guard !country.isInEconomicArea else {
      guard mechanism == nil, reference == nil, ground == nil else {
        throw .transfer(.withinEconomicArea(country: country.code))
      }
      return nil
    }
    guard let mechanism else { throw .transfer(.noMechanism(country: country.code)) }
    do {
      try Self.demand(mechanism, reference, ground, country, day)
    } catch {
      throw .transfer(error)
    }
    (self.mechanism, self.reference, self.ground) = (mechanism, reference, ground)
  }

  private static func demand(
    _ mechanism: Mechanism, _ reference: String?, _ ground: String?, _ country: Country,
    _ day: String
  ) throws(TransferFault) {
    if mechanism != .derogation, ground != nil { throw .groundWithoutDerogation }
    switch mechanism {
    case .derogation:
      guard ground != nil else { throw .noGround }
    case .standardContractualClauses, .bindingCorporateRules:
      guard reference != nil else { throw .noReference }
    case .adequacyDecision:
      guard let decision = AdequacyDecision.all.first(where: { $0.country == country.code })
      else { throw .notAdequate(country: country.code, until: nil) }
      guard decision.holds(on: day) else {
        throw .notAdequate(country: country.code, until: decision.holdsUntil)
      }
      if let limit = decision.limitedTo, reference == nil {
        throw .limitedDecision(country: country.code, limitedTo: limit)
      }
    }
  }
}

/// That the Commission has found the protection of a country adequate (GDPR Art. 45).
struct AdequacyDecision: Sendable, Equatable {
  let country: String
  let reference: String
  let adoptedOn: String
  var limitedTo: String?
  /// The last day; nil: until further notice.
  var holdsUntil: String?

  /// Days in ISO 8601 compare as texts.
  func holds(on day: String) -> Bool {
    adoptedOn <= day && holdsUntil.map { day <= $0 } ?? true
  }

  /// When the list was compared with its source. A decision that came or went since is not in it:
  /// who relies on a new one records the transfer on another ground until then.
  static let asOf = "2026-02-09"
  static let source =
    "https://commission.europa.eu/law/law-topic/data-protection/international-dimension-data-"
    + "protection/adequacy-decisions_en"

  static let all = [
    AdequacyDecision(country: "AD", reference: "2010/625/EU", adoptedOn: "2010-10-19"),
    AdequacyDecision(country: "AR", reference: "2003/490/EC", adoptedOn: "2003-06-30"),
    AdequacyDecision(country: "BR", reference: "(EU) 2026/179", adoptedOn: "2026-01-26"),
    AdequacyDecision(
      country: "CA", reference: "2002/2/EC", adoptedOn: "2001-12-20",
      limitedTo: "recipients subject to the Personal Information Protection and Electronic "
        + "Documents Act"),
    AdequacyDecision(country: "CH", reference: "2000/518/EC", adoptedOn: "2000-07-26"),
    AdequacyDecision(country: "FO", reference: "2010/146/EU", adoptedOn: "2010-03-05"),
    AdequacyDecision(
      country: "GB", reference: "(EU) 2021/1772", adoptedOn: "2021-06-28",
      holdsUntil: "2031-12-27"),
    AdequacyDecision(country: "GG", reference: "2003/821/EC", adoptedOn: "2003-11-21"),
    AdequacyDecision(country: "IL", reference: "2011/61/EU", adoptedOn: "2011-01-31"),
    AdequacyDecision(country: "IM", reference: "2004/411/EC", adoptedOn: "2004-04-28"),
    AdequacyDecision(country: "JE", reference: "2008/393/EC", adoptedOn: "2008-05-08"),
    AdequacyDecision(country: "JP", reference: "(EU) 2019/419", adoptedOn: "2019-01-23"),
    AdequacyDecision(country: "KR", reference: "(EU) 2022/254", adoptedOn: "2021-12-17"),
    AdequacyDecision(country: "NZ", reference: "2013/65/EU", adoptedOn: "2012-12-19"),
    AdequacyDecision(
      country: "US", reference: "(EU) 2023/1795", adoptedOn: "2023-07-10",
      limitedTo: "recipients certified under the EU-U.S. Data Privacy Framework"),
    AdequacyDecision(country: "UY", reference: "2012/484/EU", adoptedOn: "2012-08-21"),
  ]
}
