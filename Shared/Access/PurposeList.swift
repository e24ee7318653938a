package import FoundationEssentials
import Synchronization

/// For whom which purposes are stopped, and how long ago privacy was heard from.
///
/// Empty at the start, and nothing that can be stopped is admitted before all that holds has come
/// once. A call costs one look-up where the organisation has nothing stopped.
package final class PurposeList: Sendable {
  /// What is kept of one organisation: three purposes of 100,000 people. Beyond, the organisation's
  /// calls for what can be stopped are refused, and nobody else's.
  package static let maximumMarksPerTenant = 300_000
  /// What is kept in all, at some 60 bytes each. Beyond, nothing that can be stopped is admitted.
  package static let maximumMarks = 2_000_000
  /// How long a call waits for the first that is heard of purposes, in a process that has just
  /// started.
  static let longestWait: Duration = .seconds(5)
  static let waitInterval: Duration = .milliseconds(20)

  fileprivate struct Key: Hashable {
    var person: UUID
    /// Of `Known.names`.
    var purpose: UInt16
  }

  fileprivate struct Tenant {
    var everybody: [UInt16: PurposeMark] = [:]
    var people: [Key: PurposeMark] = [:]
    var isOverfull = false
    var count: Int { everybody.count + people.count }
  }

  fileprivate struct Known {
    var tenants: [UUID: Tenant] = [:]
    /// Purposes by number, as a name is longer than what it says.
    var names: [String: UInt16] = [:]
    var count = 0
    var isOverfull = false
  }

  private struct State {
    var known = Known()
    /// What has come of a list that is not complete yet: it takes the place of `known` when it is.
    var coming: Known? = Known()
    var sequence: Int64 = 0
    var heardAt: ContinuousClock.Instant?
    var hasBeenComplete = false
    var refusals: UInt64 = 0

    func isInTouch(at instant: ContinuousClock.Instant, _ patience: Duration) -> Bool {
      guard hasBeenComplete, !known.isOverfull, let heardAt else { return false }
      return instant - heardAt <= patience
    }
  }

  private let state = Mutex(State())
  private let limits: (perTenant: Int, all: Int)
  private let instant: @Sendable () -> ContinuousClock.Instant
  /// Without a word from privacy for longer than this, nothing that can be stopped is admitted.
  package let patience: Duration

  package init(
    patience: Duration = .seconds(60), marksPerTenant: Int = PurposeList.maximumMarksPerTenant,
    marks: Int = PurposeList.maximumMarks,
    instant: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
  ) {
    self.patience = patience
    limits = (marksPerTenant, marks)
    self.instant = instant
  }

  /// Where to go on after a break: of the last batch that came.
  package var sequence: Int64 { state.withLock(\.sequence) }
  package var count: Int { state.withLock { $0.known.count } }
  /// Calls refused so far because their purpose was stopped.
  package var refusals: UInt64 { state.withLock(\.refusals) }
  /// Whether all that holds has come once.
  package var hasBeenComplete: Bool { state.withLock(\.hasBeenComplete) }

  /// Since the last batch; nil before the first.
  package var silence: Duration? {
    let instant = instant()
    return state.withLock { $0.heardAt.map { instant - $0 } }
  }

  /// Whether all that holds is known, as of at most `patience` ago.
  package var isInTouch: Bool {
    let instant = instant()
    return state.withLock { $0.isInTouch(at: instant, patience) }
  }

  /// Takes a batch in; an empty one says that there is nothing new.
  package func add(_ batch: PurposeChanges) {
    let instant = instant()
    state.withLock { state in
      if batch.reset { state.coming = Known() }
      if state.coming != nil {
        state.coming?.add(batch.changes, limits)
      } else {
        state.known.add(batch.changes, limits)
      }
      state.sequence = batch.reset ? batch.sequence : max(state.sequence, batch.sequence)
      if batch.isComplete, let coming = state.coming {
        state.known = coming
        state.coming = nil
        state.hasBeenComplete = true
      }
      state.heardAt = instant
    }
  }

  /// Why a call for `purpose` about one of `people` of `tenant` is refused, nil if it isn't; counts
  /// refusals. A purpose that cannot be stopped is never refused.
  package func refusal(
    of purpose: String, for people: [UUID], in tenant: UUID
  ) -> PurposeRefusal? {
    if Purposes.unstoppable.contains(purpose) { return nil }
    let instant = instant()
    return state.withLock { state in
      let refusal =
        state.isInTouch(at: instant, patience)
        ? state.known.refusal(of: purpose, for: people, in: tenant) : .unknown(purpose)
      if refusal != nil { state.refusals += 1 }
      return refusal
    }
  }

  /// The same for one that has just started: waits for the first that is heard of purposes, for
  /// some seconds at most.
  func patientRefusal(
    of purpose: String, for people: [UUID], in tenant: UUID
  ) async -> PurposeRefusal? {
    if Purposes.unstoppable.contains(purpose) { return nil }
    let end = ContinuousClock.now + Self.longestWait
    while !hasBeenComplete, .now < end {
      guard (try? await Task.sleep(for: Self.waitInterval)) != nil else { break }
    }
    return refusal(of: purpose, for: people, in: tenant)
  }

  /// Whether each of `purposes` is known to be stopped for `person`, as of at most `patience` ago.
  package func areStopped(_ purposes: [String], for person: UUID, in tenant: UUID) -> Bool {
    let instant = instant()
    return state.withLock { state in
      state.isInTouch(at: instant, patience)
        && purposes.allSatisfy { state.known.isStopped($0, for: person, in: tenant) }
    }
  }

  /// The same, once it is so; false: it was not until `end`.
  package func areStopped(
    _ purposes: [String], for person: UUID, in tenant: UUID, until end: ContinuousClock.Instant
  ) async throws -> Bool {
    while !areStopped(purposes, for: person, in: tenant) {
      guard .now < end else { return false }
      try await Task.sleep(for: Self.waitInterval)
    }
    return true
  }
}

extension PurposeList.Known {
  fileprivate mutating func add(
    _ changes: [PurposeChange], _ limits: (perTenant: Int, all: Int)
  ) {
    for change in changes where !isOverfull {
      guard let number = number(of: change.purpose) else {
        isOverfull = true
        break
      }
      var tenant = tenants.removeValue(forKey: change.tenant) ?? .init()
      count -= tenant.count
      if let person = change.person {
        let key = PurposeList.Key(person: person, purpose: number)
        tenant.people[key] = change.mark
      } else {
        tenant.everybody[number] = change.mark
      }
      if tenant.count > limits.perTenant {
        tenant = .init()
        tenant.isOverfull = true
      }
      count += tenant.count
      if tenant.count > 0 || tenant.isOverfull { tenants[change.tenant] = tenant }
    }
    if count > limits.all { isOverfull = true }
    if isOverfull { (tenants, count) = ([:], 0) }
  }

  /// Nil: there are more purposes than numbers.
  private mutating func number(of purpose: String) -> UInt16? {
    if let number = names[purpose] { return number }
    guard let number = UInt16(exactly: names.count) else { return nil }
    names[purpose] = number
    return number
  }

  fileprivate func isStopped(_ purpose: String, for person: UUID, in id: UUID) -> Bool {
    guard let tenant = tenants[id], let number = names[purpose] else { return false }
    return tenant.people[PurposeList.Key(person: person, purpose: number)] == .stopped
  }

  fileprivate func refusal(
    of purpose: String, for people: [UUID], in id: UUID
  ) -> PurposeRefusal? {
    let needsInstruction = Purposes.instructed.contains(purpose)
    let needsConsent = Purposes.consented.contains(purpose)
    guard let tenant = tenants[id] else {
      return needsInstruction ? .notInstructed(purpose) : nil
    }
    if tenant.isOverfull { return .unknown(purpose) }
    let number = names[purpose]
    let everybody = number.flatMap { tenant.everybody[$0] }
    if everybody == .stopped || (needsInstruction && everybody != .allowed) {
      return .notInstructed(purpose)
    }
    for person in people {
      let mark = number.flatMap { tenant.people[PurposeList.Key(person: person, purpose: $0)] }
      if mark == .stopped { return .frozen(purpose) }
      if needsConsent, mark != .allowed { return .notConsented(purpose) }
    }
    return nil
  }
}
