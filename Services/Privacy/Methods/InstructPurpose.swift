import Access
import Launch
import RPC
import Schemas
import Storage
import SwiftProtobuf

extension ConsentService {
  func instructPurpose(
    _ request: PrivacyInstructPurposeRequest, _ call: Call
  ) async throws -> PrivacyInstruction {
    try await instruct(
      Purpose(stopping: request.purpose), .given,
      reference: PurposeInstruction.checked(reference: request.reference), call)
  }

  func withdrawInstruction(
    _ request: PrivacyWithdrawInstructionRequest, _ call: Call
  ) async throws -> PrivacyInstruction {
    try await instruct(
      Purpose(stopping: request.purpose), .withdrawn,
      reference: PurposeInstruction.checked(reference: request.reference), call)
  }

  func listInstructions(
    _ request: PrivacyListInstructionsRequest, _ call: Call
  ) async throws -> PrivacyListInstructionsResponse {
    try await database.transaction(call.mandate(call.tenant())) { transaction in
      let latest = try await ConsentStore.latestInstructions(in: transaction)
      let history = try await ConsentStore.instructions(in: transaction)
      return .with {
        $0.standings = Purpose.allCases.map { purpose in
          latest[purpose]?.message
            ?? .with {
              $0.purpose = purpose.message
              $0.state = purpose.isStandard ? .agreed : .absent
            }
        }
        $0.history = history.map(\.message)
      }
    }
  }

  private func instruct(
    _ purpose: Purpose, _ act: PurposeInstruction.Act, reference: String, _ call: Call
  ) async throws -> PrivacyInstruction {
    let officer = try call.person
    return try await database.transaction(call.mandate(officer.tenant)) { transaction in
      let latest = try await ConsentStore.latestInstructions(locked: true, in: transaction)
      if let latest = latest[purpose], latest.act == act, latest.reference == reference {
        return latest.message
      }
      let instruction = PurposeInstruction(
        purpose: purpose, act: act, reference: reference, at: now().following(latest[purpose]?.at),
        decidedBy: officer.subject)
      try await ConsentStore.insert(instruction, in: transaction)
      return instruction.message
    }
  }
}
