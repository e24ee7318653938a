import Access
import Cryptography
import Foundation
import Launch
import RPC
import Schemas
import Storage
import SwiftProtobuf

extension RequestDesk {
  func attachProof(
    _ request: PrivacyAttachProofRequest, _ call: Call
  ) async throws -> PrivacyProof {
    let (tenant, officer, time) = (try call.tenant(), try call.person.subject, now())
    let found = try await found(request.requestID, call).request
    guard !found.state.isClosed else { throw RequestError.stateForbids(found.state) }
    let form = try ProofForm(request.form)
    let copy = [UInt8](request.content)
    do {
      try ProofRules.check(attested: request.attestation)
      try ProofRules.check(copy, form)
    } catch {
      throw RequestError.proof(error)
    }
    guard let key = try await key(of: found.subject, tenant, create: true) else {
      throw RequestError.requestAbsent
    }
    let sealed = try Sealed<ProofColumns.SealedCopy>(piece: copy, at: 0, row: found.id, key)
    let proof = try await database.transaction(call.mandate(tenant)) { transaction in
      // It may have been closed meanwhile, and with it goes what was attached.
      let now = try await RequestStore.fetch(found.id, locking: true, in: transaction)?.request
      guard let now else { throw RequestError.requestAbsent }
      guard !now.state.isClosed else { throw RequestError.stateForbids(now.state) }
      try await ProofStore.put(sealed, form, to: found.id, by: officer, at: time, in: transaction)
      return try await ProofStore.fetch(found.id, in: transaction)
    }
    guard let proof else { throw RequestError.proofAbsent }
    return proof.message()
  }

  func getProof(_ request: PrivacyGetProofRequest, _ call: Call) async throws -> PrivacyProof {
    let tenant = try call.tenant()
    let found = try await found(request.requestID, call).request
    let accesses = try await log.sealed(
      .read, of: found.subject.map { [$0] } ?? [], ["content"], in: tenant, call)
    let proof = try await database.transaction(call.mandate(tenant)) { transaction in
      let proof = try await ProofStore.fetch(found.id, in: transaction)
      if proof?.copy != nil { try await log.append(accesses, in: transaction) }
      return proof
    }
    guard let proof else { throw RequestError.proofAbsent }
    guard let sealed = proof.copy, let key = try await key(of: found.subject, tenant) else {
      return proof.message()
    }
    return proof.message(try sealed.openPiece(at: 0, row: found.id, key))
  }

  func checkProof(
    _ request: PrivacyCheckProofRequest, _ call: Call
  ) async throws -> PrivacyProof {
    let (officer, time) = (try call.person.subject, now())
    let found = try await found(request.requestID, call).request
    let proof = try await database.transaction(call.mandate(call.tenant())) { transaction in
      try await ProofStore.check(
        found.id, identified: request.identified, by: officer, at: time, in: transaction)
      return try await ProofStore.fetch(found.id, in: transaction)
    }
    guard let proof else { throw RequestError.proofAbsent }
    guard proof.identified == request.identified else { throw RequestError.proofChecked }
    return proof.message()
  }
}

extension ProofRules {
  /// All four of clause 37.
  static func check(attested: PrivacyProofAttestation) throws(ProofFault) {
    if !attested.photo { throw .notAttested("photo") }
    if !attested.machineReadableZone { throw .notAttested("machine_readable_zone") }
    if !attested.documentNumber { throw .notAttested("document_number") }
    if !attested.citizenNumber { throw .notAttested("citizen_number") }
  }
}

extension ProofForm {
  fileprivate init(_ form: PrivacyProofForm) throws(RPCError) {
    switch form {
    case .text: self = .text
    case .pdf: self = .pdf
    case .image: self = .image
    case .unspecified, .UNRECOGNIZED:
      throw .invalid("form", "is missing; give TEXT, PDF or IMAGE")
    }
  }
}

extension ProofRow {
  fileprivate func message(_ copy: [UInt8] = []) -> PrivacyProof {
    .with {
      $0.requestID = request.canonical
      $0.form =
        switch form {
        case .text: .text
        case .pdf: .pdf
        case .image: .image
        }
      $0.content = Data(copy)
      // Without all four nothing is kept.
      $0.attestation = .with {
        $0.photo = true
        $0.machineReadableZone = true
        $0.documentNumber = true
        $0.citizenNumber = true
      }
      $0.attachedAt = Google_Protobuf_Timestamp(date: attachedAt)
      if let checkedAt { $0.checkedAt = Google_Protobuf_Timestamp(date: checkedAt) }
      $0.identified = identified ?? false
    }
  }
}
