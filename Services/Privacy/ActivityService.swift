import Access
import Foundation
import Launch
import RPC
import Schemas
import Storage
import SwiftProtobuf

/// The catalogue of processing activities and the record of them.
struct ActivityService: ActivityServiceHandler {
  let database: Database
  /// Knows the organisation's name.
  let identity: IdentityServiceClient
  /// Knows which organisations there are.
  let organisations: OrganisationDeskServiceClient
  /// Name of the processor, and its data protection officer: settings.
  let processor: String
  let officer: String
  let holdings: DescribedHoldings
  let now: @Sendable () -> Date

  /// The catalogue, as it stands for an organisation.
  func entries(
    of tenant: UUID, _ registers: RegistersInForce, _ call: Call
  ) async throws -> [ProcessingRecord.Entry] {
    let transfer = registers.transferSentence
    let latest = try await database.transaction(call.mandate(tenant)) {
      try await ConsentStore.latestInstructions(in: $0)
    }
    return Activity.catalogue.map { activity in
      ProcessingRecord.Entry(
        activity: activity,
        isInstructed: activity.purpose.map { purpose in
          PurposeInstruction.isInstructed(purpose, latest: latest[purpose])
        } ?? false, transfer: transfer,
        fields: activity.purpose.map { Self.fields[$0.rawValue] ?? [] } ?? [])
    }
  }

  /// What is in force of the organisation's own and of the platform's.
  func registers(of tenant: UUID, _ call: Call) async throws -> RegistersInForce {
    let time = now()
    let platform = try await database.transaction(call.mandate(.platform)) {
      try await RegistersInForceStore.fetch(at: time, in: $0)
    }
    guard tenant != .platform else { return platform }
    return platform
      + (try await database.transaction(call.mandate(tenant)) {
        try await RegistersInForceStore.fetch(at: time, in: $0)
      })
  }

  /// Purposes that some method names.
  static let served = Set(ours.map(\.policy.purpose))

  /// Purposes of all methods by full name, the standard ones' too.
  static let declared = Dictionary(
    uniqueKeysWithValues: SchemaCatalogue.services.flatMap(\.methods).map {
      ($0.descriptor.fullName, $0.policy.purpose)
    })

  private static let ours = SchemaCatalogue.services
    .filter { $0.name.hasPrefix("ikso.") }.flatMap(\.methods)

  /// By purpose, the personal fields that its methods carry.
  private static let fields: [String: [(name: String, kind: String)]] = {
    let purposes = Dictionary(
      uniqueKeysWithValues: ours.map { ($0.descriptor.fullName, $0.policy.purpose) })
    var fields: [String: [(name: String, kind: String)]] = [:]
    for message in SchemaCatalogue.messages {
      let personal = message.fields.filter { $0.personalData > .notPersonal }
      for purpose in Set((message.requestOf + message.responseOf).compactMap { purposes[$0] }) {
        fields[purpose, default: []] += personal.map {
          (name: "\(message.name).\($0.name)", kind: "\($0.personalData)")
        }
      }
    }
    return fields
  }()
}

extension ProcessingRecord.Entry {
  var message: PrivacyActivity {
    .with {
      $0.activityID = activity.id
      $0.clause = activity.clause
      $0.description_p = activity.description
      if let purpose = activity.purpose { $0.purpose = purpose.message }
      $0.ground = activity.ground.message
      $0.role = activity.role.message
      $0.people = activity.people
      $0.data = activity.data.map { category in
        .with {
          $0.name = category.name
          $0.isCompulsory = category.isCompulsory
          $0.why = category.why
        }
      }
      $0.recipients = activity.recipients
      $0.retention = StatementWording.english.said(activity.term)
      $0.transfer = transfer
      $0.isInstructed = isInstructed
      $0.fields = fields.map { field in
        .with {
          $0.name = field.name
          $0.personalData = field.kind
        }
      }
    }
  }
}

extension LegalGround {
  fileprivate var message: PrivacyLegalGround {
    switch self {
    case .consent: .consent
    case .contract: .contract
    case .legalDuty: .legalDuty
    case .legitimateInterest: .legitimateInterest
    }
  }
}

extension ProcessingRole {
  var message: PrivacyProcessingRole { self == .controller ? .controller : .processor }
}
