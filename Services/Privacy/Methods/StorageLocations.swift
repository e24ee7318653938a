import Access
import Cryptography
import Foundation
import Launch
import RPC
import Schemas
import Storage
import SwiftProtobuf

extension RegisterDesk {
  func instructStorage(
    _ request: PrivacyInstructStorageRequest, _ call: Call
  ) async throws -> PrivacyStorageInstruction {
    let officer = try call.person
    let instruction = StorageInstruction(
      countries: try StorageRule.instructed(request.countries),
      reference: try StorageRule.reference.check(request.reference), instructedAt: now())
    try await database.transaction(call.mandate(officer.tenant)) {
      try await StorageLocationStore.instruct(instruction, by: officer.subject, in: $0)
    }
    return instruction.message
  }

  func recordStorageLocation(
    _ request: PrivacyRecordStorageLocationRequest, _ call: Call
  ) async throws -> PrivacyStorageLocation {
    let tenant = try await organisation(request.organisationID, call)
    let country = try Country(request.country)
    guard StorageRule.services.contains(request.service) else {
      throw EntryError.missing(
        field: "service", choices: StorageRule.services.sorted().joined(separator: ", "))
    }
    let recorded = StorageEntry(
      id: UUID(), organisation: tenant, service: request.service,
      kind: try StorageRule.Kind(request.kind), country: country.code,
      place: try StorageRule.place.check(request.place), recordedAt: now())
    return try await entry(request, call.mandate(tenant), call) { transaction in
      let instruction = try await StorageLocationStore.instruction(locked: true, in: transaction)
      try StorageRule.demand(country, instructed: instruction?.countries ?? [])
      try await StorageLocationStore.insert(recorded, in: transaction)
      return recorded.message
    }
  }

  func endStorageLocation(
    _ request: PrivacyEndStorageLocationRequest, _ call: Call
  ) async throws -> PrivacyStorageLocation {
    let tenant = try await organisation(request.organisationID, call)
    let id = try UUID(field: "storage_location_id", request.storageLocationID)
    let ended = try await database.transaction(call.mandate(tenant)) {
      try await StorageLocationStore.end(id, at: now(), in: $0)
    }
    guard let ended else { throw EntryError.absent("storage location") }
    return ended.message
  }

  func listStorageLocations(
    _ request: PrivacyListStorageLocationsRequest, _ call: Call
  ) async throws -> PrivacyListStorageLocationsResponse {
    let tenant = try await organisation(request.organisationID, call)
    var (locations, instruction) = try await database.transaction(call.mandate(tenant)) {
      (
        try await StorageLocationStore.list(in: $0),
        try await StorageLocationStore.instruction(in: $0)
      )
    }
    if tenant != .platform {
      locations += try await database.transaction(call.mandate(.platform)) {
        try await StorageLocationStore.list(in: $0)
      }
    }
    return .with {
      $0.locations = locations.map(\.message)
      if let instruction { $0.instruction = instruction.message }
    }
  }
}

extension StorageRule.Kind {
  fileprivate init(_ kind: PrivacyStorageKind) throws(EntryError) {
    switch kind {
    case .data: self = .data
    case .backup: self = .backup
    case .keys: self = .keys
    case .unspecified, .UNRECOGNIZED:
      throw .missing(field: "kind", choices: "DATA, BACKUP or KEYS")
    }
  }
}

extension StorageInstruction {
  fileprivate var message: PrivacyStorageInstruction {
    .with {
      $0.countries = countries
      $0.reference = reference
      $0.instructedAt = Google_Protobuf_Timestamp(date: instructedAt)
    }
  }
}

extension StorageEntry {
  fileprivate var message: PrivacyStorageLocation {
    .with {
      $0.storageLocationID = id.canonical
      $0.organisationID = organisation.organisationText
      $0.service = service
      $0.kind =
        switch kind {
        case .data: .data
        case .backup: .backup
        case .keys: .keys
        }
      $0.country = country
      $0.place = place
      $0.recordedAt = Google_Protobuf_Timestamp(date: recordedAt)
      if let endedAt { $0.endedAt = Google_Protobuf_Timestamp(date: endedAt) }
    }
  }
}
