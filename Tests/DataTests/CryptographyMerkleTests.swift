import Cryptography
import Testing

@Suite struct CryptographyMerkleTests {
  /// The entries of the test log that implementations of Certificate Transparency share.
  private static let entries: [[UInt8]] = [
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
  ].map { (try? Hex.decode($0)) ?? [] }

  /// And the roots of its first 1 to 8 entries.
  private static let roots = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
  ]

  /// A log that keeps its complete subtrees, as a database does.
  private struct Log {
    var frontier = MerkleFrontier()
    var nodes: [MerkleNode: [UInt8]] = [:]
    var roots = [MerkleTree.emptyRoot]

    init(_ entries: [[UInt8]]) {
      for entry in entries {
        for new in frontier.append(MerkleTree.leafHash(entry)) {
          #expect(nodes.updateValue(new.hash, forKey: new.node) == nil)
        }
        roots.append(frontier.root)
      }
    }

    func hashes(_ proof: [[MerkleNode]]) -> [[UInt8]] {
      proof.map { MerkleTree.fold($0.compactMap { nodes[$0] }) }
    }
  }

  private static let long = Log((0..<70).map { [UInt8($0)] })

  @Test func `roots are those that others compute`() {
    let log = Log(Self.entries)
    #expect(
      Hex.encode(MerkleTree.emptyRoot)
        == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    #expect(log.roots.dropFirst().map { Hex.encode($0) } == Self.roots)
    // Of the same log, from its description in RFC 6962's reference implementation.
    #expect(
      log.hashes(MerkleProof.inclusion(of: 5, in: 8)).map { Hex.encode($0) } == [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
      ])
  }

  @Test func `every entry of every size is proven, and no other in its place`() {
    let log = Self.long
    for size in 1...70 {
      for index in 0..<size {
        let proof = log.hashes(MerkleProof.inclusion(of: index, in: size))
        func isIncluded(
          _ entry: Int, at place: Int? = nil, in claimed: Int? = nil, _ hashes: [[UInt8]]? = nil
        ) -> Bool {
          MerkleProof.isIncluded(
            MerkleTree.leafHash([UInt8(entry)]), at: place ?? index, in: claimed ?? size,
            root: log.roots[size], proof: hashes ?? proof)
        }
        #expect(isIncluded(index))
        #expect(!isIncluded(index + 1))
        #expect(!isIncluded(index, at: index + 1) && !isIncluded(index, at: index - 1))
        #expect(!isIncluded(index, proof + [log.roots[1]]))
        #expect(proof.isEmpty || !isIncluded(index, Array(proof.dropLast())))
        for position in proof.indices {
          var changed = proof
          changed[position][0] ^= 1
          #expect(!isIncluded(index, changed))
        }
      }
    }
  }

  @Test func `every size begins with every smaller one, and with nothing else`() {
    let log = Self.long
    for newSize in 0...70 {
      for oldSize in 0...newSize {
        let proof = log.hashes(MerkleProof.consistency(from: oldSize, to: newSize))
        func isConsistent(
          _ old: [UInt8]? = nil, _ new: [UInt8]? = nil, _ hashes: [[UInt8]]? = nil
        ) -> Bool {
          MerkleProof.isConsistent(
            from: oldSize, root: old ?? log.roots[oldSize], to: newSize,
            root: new ?? log.roots[newSize], proof: hashes ?? proof)
        }
        #expect(isConsistent())
        var other = log.roots[oldSize]
        other[31] ^= 1
        #expect(!isConsistent(other))
        other = log.roots[newSize]
        other[0] ^= 1
        #expect(oldSize == 0 || !isConsistent(nil, other))
        #expect(!isConsistent(nil, nil, proof + [log.roots[1]]))
        #expect(proof.isEmpty || !isConsistent(nil, nil, Array(proof.dropLast())))
      }
    }
  }

  @Test func `a log in another order has no proof in common`() {
    let (log, other) = (Self.long, Log([[1], [0]] + (2..<70).map { [UInt8($0)] }))
    #expect(log.roots[70] != other.roots[70])
    let proof = other.hashes(MerkleProof.consistency(from: 40, to: 70))
    #expect(
      !MerkleProof.isConsistent(
        from: 40, root: log.roots[40], to: 70, root: other.roots[70], proof: proof))
  }

  @Test func `a frontier goes on from what was kept of it`() throws {
    var frontier = MerkleFrontier()
    for number in 0..<70 {
      let kept = try #require(MerkleFrontier(size: frontier.size, hashes: frontier.hashes))
      #expect(kept == frontier)
      frontier.append(MerkleTree.leafHash([UInt8(number)]))
      #expect(frontier.root == Self.long.roots[number + 1])
    }
    #expect(MerkleFrontier(size: 3, hashes: [frontier.root]) == nil)
    #expect(MerkleFrontier(size: 1, hashes: [[1]]) == nil)
    #expect(MerkleFrontier(size: -1, hashes: [frontier.root]) == nil)
  }

  @Test func `what no log can say is false and no trap`() {
    let (root, leaf) = (MerkleTree.emptyRoot, MerkleTree.leafHash([]))
    for (index, size) in [(0, 0), (-1, 1), (1, 1), (Int.max, Int.min), (Int.max, Int.max)] {
      #expect(!MerkleProof.isIncluded(leaf, at: index, in: size, root: root, proof: [leaf]))
      #expect(
        !MerkleProof.isConsistent(from: size, root: root, to: index, root: leaf, proof: [leaf]))
    }
    let endless = Array(repeating: leaf, count: 10_000)
    #expect(!MerkleProof.isIncluded(leaf, at: 0, in: Int.max, root: root, proof: endless))
  }
}
