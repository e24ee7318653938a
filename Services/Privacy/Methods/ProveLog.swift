import Access
import Cryptography
import Foundation
import Launch
import Schemas
import Storage
import SwiftProtobuf

extension AccessLog {
  func proveInclusion(
    _ request: PrivacyProveInclusionRequest, _ call: Call
  ) async throws -> PrivacyLogProof {
    try await prove(request.size, call) { size throws(AccessLogError) in
      guard request.position < UInt64(size) else { throw .beyondEnd(size: size) }
      return MerkleProof.inclusion(of: Int(request.position), in: size)
    }
  }

  func proveConsistency(
    _ request: PrivacyProveConsistencyRequest, _ call: Call
  ) async throws -> PrivacyLogProof {
    try await prove(request.toSize, call) { size throws(AccessLogError) in
      guard request.fromSize <= UInt64(size) else { throw .backwards }
      return MerkleProof.consistency(from: Int(request.fromSize), to: size)
    }
  }

  /// `wanted`: the size that the proof is for; 0: the log's.
  private func prove(
    _ wanted: UInt64, _ call: Call, _ subtrees: (Int) throws(AccessLogError) -> [[MerkleNode]]
  ) async throws -> PrivacyLogProof {
    try await database.transaction(call.mandate(call.tenant())) { transaction in
      let size = try await AccessLogStore.head(in: transaction)?.size ?? 0
      guard wanted <= UInt64(size) else { throw AccessLogError.beyondEnd(size: size) }
      let chosen = wanted == 0 ? size : Int(wanted)
      let hashes = try await AccessLogStore.hashes(
        folded: try subtrees(chosen), in: transaction)
      return .with {
        $0.hashes = hashes.map { Data($0) }
        $0.size = UInt64(chosen)
      }
    }
  }
}
