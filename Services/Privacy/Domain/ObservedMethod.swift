import Foundation

/// A method that was called, for a purpose, and how often by everybody together.
struct ObservedMethod: Sendable, Equatable {
  static let nameBytes = 200
  /// Of one report.
  static let maximumCalls: UInt64 = 1_000_000_000_000
  /// Of one record.
  static let maximumShown = 5_000

  /// The process that saw it.
  var service: String
  /// "ikso.goals.v1.GoalsService/GetGoal".
  var name: String
  var purpose: String
  var calls: Int64
  var firstSeenAt: Date
  var lastSeenAt: Date

  /// Printable ASCII without a space.
  static func isName(_ text: String) -> Bool {
    (1...nameBytes).contains(text.utf8.count) && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
  }
}

extension ProcessingRecord {
  /// What was observed and is declared otherwise. `declared`: purposes of the schemas' methods by
  /// full name.
  static func differences(
    _ catalogue: [Activity], observed: [ObservedMethod], declared: [String: String]
  ) -> [String] {
    var differences: [String] = []
    for method in observed {
      guard let purpose = declared[method.name] else {
        differences.append(
          "\(method.name) was called, and the schemas of this version do not declare it")
        continue
      }
      if purpose != method.purpose {
        differences.append(
          "\(method.name) was called for the purpose \"\(method.purpose)\", and is declared for"
            + " \"\(purpose)\"")
      }
    }
    let seen = Set(observed.map(\.purpose))
    let served = Set(declared.values)
    differences += Set(catalogue.compactMap { $0.purpose?.rawValue }).intersection(served)
      .subtracting(seen).sorted().map {
        "the purpose \"\($0)\" is declared, and no call for it was observed"
      }
    return differences
  }
}
