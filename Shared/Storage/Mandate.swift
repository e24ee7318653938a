package import FoundationEssentials

/// In whose organisation, what for and until when something is done in a service's database.
///
/// All three go with every unit of work: `ikso.tenant` decides which rows there are,
/// `statement_timeout` ends it, and `ikso.purpose` is at hand for triggers and policies.
package struct Mandate: Sendable, Hashable {
  package let tenant: UUID
  /// As the method's schema names it; `operations` is what a service does of itself.
  package let purpose: String
  package let deadline: ContinuousClock.Instant?

  package init(
    tenant: UUID, purpose: String = "operations", deadline: ContinuousClock.Instant? = nil
  ) {
    self.tenant = tenant
    self.purpose = purpose
    self.deadline = deadline
  }
}
