import Access
import RPC
import Schemas
import Storage
import SwiftProtobuf

/// What the services say that they hold about people.
struct DescribedHoldings: Sendable {
  /// How long a service has to answer: the record is there without it.
  static let patience: Duration = .seconds(5)

  let holders: [DataHolder]
  /// This service's own: `Runtime.holdings`.
  let own: @Sendable () async throws -> [Holdings.Table]

  struct Answers: Sendable {
    var holdings: [Holding] = []
    var described: [String] = []
    /// Services that did not answer.
    var silent: [String] = []
  }

  /// Asks all at once, in this service's own name.
  func fetch() async throws -> Answers {
    let tables = try await own()
    var found = ["privacy": Optional(tables)]
    try await withThrowingTaskGroup(of: (String, [Holdings.Table]?).self) { group in
      for holder in holders {
        group.addTask { (holder.name, try await Self.describe(holder)) }
      }
      for try await (name, tables) in group { found[name] = tables }
    }
    var answers = Answers()
    for (name, tables) in found.sorted(by: { $0.key < $1.key }) {
      guard let tables else {
        answers.silent.append(name)
        continue
      }
      answers.described.append(name)
      answers.holdings += Holding.personal(tables, of: name)
    }
    return answers
  }

  /// Nil: it did not answer.
  private static func describe(_ holder: DataHolder) async throws -> [Holdings.Table]? {
    do {
      return try await holder.client.describeHoldings(
        .init(), CallOptions(timeout: patience)
      ).tables.map(Holdings.Table.init)
    } catch {
      try Task.checkCancellation()
      return nil
    }
  }
}

extension Holding {
  /// Columns of `tables` that say something about people.
  fileprivate static func personal(_ tables: [Holdings.Table], of service: String) -> [Holding] {
    tables.flatMap { table in
      table.columns.filter { $0.kind != .nothing }.map {
        Holding(
          service: service, table: table.name, column: $0.name,
          kind: $0.kind.flatMap { Kind(rawValue: $0.rawValue) }, isSealed: $0.isSealed)
      }
    }
  }
}

extension Holdings.Table {
  fileprivate init(_ table: SubjectHeldTable) {
    self.init(
      name: table.name,
      columns: table.columns.map {
        Holdings.Column(
          name: $0.name, kind: Holdings.Kind($0.kind), isSealed: $0.isSealed)
      })
  }
}

extension Holdings.Kind {
  fileprivate init?(_ kind: SubjectHeldClass) {
    switch kind {
    case .none: self = .nothing
    case .pseudonym: self = .pseudonym
    case .personal: self = .personal
    case .confidential: self = .confidential
    case .secret: self = .secret
    case .unspecified, .UNRECOGNIZED: return nil
    }
  }
}

extension ProcessingRecord.HeldEntry {
  var message: PrivacyHolding {
    .with {
      $0.service = holding.service
      $0.table = holding.table
      $0.column = holding.column
      $0.personalData = holding.kindName
      $0.isSealed = holding.isSealed
      $0.activityID = activity.id
      $0.retention = retention
    }
  }
}
