import Cryptography
import FoundationEssentials

/// What a tenant's keys are used for.
///
/// The tenant's secret never changes: out of it come (HKDF, one key per use) the references to
/// persons, the blind indexes and the key of the organisation's own fields. What wraps the persons'
/// keys is replaced by a rotation: a `wrapping_key` of a new generation. Until a tenant's first
/// rotation that, too, is derived from the secret.
struct TenantKeys: Redacted, Sendable {
  /// Makes `person_ref` out of a person's id.
  private let reference: SymmetricKey
  /// Makes blind indexes.
  let index: SymmetricKey
  /// Seals the tenant's own fields.
  let sealing: SealingKey
  private let tenant: UUID
  private let first: SymmetricKey
  private let generations: [Int: SymmetricKey]

  init(_ secret: SymmetricKey, generations: [Int: SymmetricKey], tenant: UUID) {
    first = HKDF.derive(from: secret, info: "ikso person key wrapping 1")
    reference = HKDF.derive(from: secret, info: "ikso person reference 1")
    index = HKDF.derive(from: secret, info: "ikso blind index 1")
    sealing = SealingKey(
      tenant: tenant, key: HKDF.derive(from: secret, info: "ikso tenant fields 1"))
    self.generations = generations
    self.tenant = tenant
  }

  func reference(_ person: UUID) -> [UInt8] {
    HMACSHA256.authenticate(person.bytes, key: reference)
  }

  /// Nil until the first rotation.
  var generation: Int? { generations.keys.max() }

  // MARK: Persons' keys

  /// A person's key as its row holds it.
  struct Wrapped: Sendable {
    var bytes: [UInt8]
    /// Of the key that wraps it; nil: the one derived from the tenant's secret.
    var generation: Int?
  }

  /// Wraps under the newest key.
  func wrap(
    _ key: SymmetricKey, of person: UUID, _ reference: [UInt8]
  ) throws(CryptographyError) -> Wrapped {
    guard let generation, let outer = generations[generation] else {
      return Wrapped(
        bytes: try key.wrapped(by: first, associatedData: place(person)), generation: nil)
    }
    return Wrapped(
      bytes: try key.wrapped(by: outer, associatedData: place(reference, generation)),
      generation: generation)
  }

  func unwrap(
    _ wrapped: Wrapped, of person: UUID, _ reference: [UInt8]
  ) throws(Unreadable) -> SymmetricKey {
    do {
      guard let generation = wrapped.generation else {
        return try SymmetricKey(
          unwrapping: wrapped.bytes, by: first, associatedData: place(person))
      }
      guard let outer = generations[generation] else { throw Unreadable.unknownGeneration }
      let place = place(reference, generation)
      guard wrapped.bytes.count == TenantKeys.enclosedBytes else {
        return try SymmetricKey(unwrapping: wrapped.bytes, by: outer, associatedData: place)
      }
      return try SymmetricKey(
        unwrapping: AEAD.open(wrapped.bytes, associatedData: place, key: outer), by: first,
        associatedData: self.place(person))
    } catch let unreadable as Unreadable {
      throw unreadable
    } catch {
      throw .corrupt
    }
  }

  enum Unreadable: Error {
    /// These keys were read before a rotation that the row has been through.
    case unknownGeneration
    case corrupt
  }

  /// The same key under the newest wrapping key.
  ///
  /// What the first key wraps is bound to the person's id, which the store doesn't know. Such a
  /// row is enclosed as it is: the new key seals the sealed form.
  func rewrap(
    _ wrapped: Wrapped, _ reference: [UInt8]
  ) throws(CryptographyError) -> Wrapped {
    guard let generation, let outer = generations[generation] else {
      preconditionFailure("a rotation makes a wrapping key first")
    }
    let place = place(reference, generation)
    guard let old = wrapped.generation else {
      return Wrapped(
        bytes: try AEAD.seal(wrapped.bytes, associatedData: place, key: outer),
        generation: generation)
    }
    guard let inner = generations[old] else { throw .notAuthentic }
    let oldPlace = self.place(reference, old)
    guard wrapped.bytes.count == TenantKeys.enclosedBytes else {
      let key = try SymmetricKey(unwrapping: wrapped.bytes, by: inner, associatedData: oldPlace)
      return Wrapped(
        bytes: try key.wrapped(by: outer, associatedData: place), generation: generation)
    }
    let enclosed = try AEAD.open(wrapped.bytes, associatedData: oldPlace, key: inner)
    return Wrapped(
      bytes: try AEAD.seal(enclosed, associatedData: place, key: outer), generation: generation)
  }

  /// The length of a row that encloses one from before the first rotation.
  private static let enclosedBytes = SymmetricKey.byteCount + 2 * AEAD.overhead

  private func place(_ person: UUID) -> [UInt8] {
    var data = AssociatedData("ikso person key 1")
    data.append(tenant)
    data.append(person)
    return data.bytes
  }

  private func place(_ reference: [UInt8], _ generation: Int) -> [UInt8] {
    var data = AssociatedData("ikso person key 2")
    data.append(tenant)
    data.append(reference)
    data.append("\(generation)")
    return data.bytes
  }
}
