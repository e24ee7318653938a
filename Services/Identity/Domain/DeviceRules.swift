import FoundationEssentials

/// Rules of devices that are remembered (clause 41).
enum DeviceRules {
  /// Days from the second factor to the next one, where the organisation decides nothing else.
  static let days = 30
  /// Of one person; the one not used for longest goes.
  static let limit = 10

  /// When the factor is asked again; using the device does not move it.
  static func end(from time: Date, _ policy: OrganisationPolicy) -> Date {
    time + TimeInterval((policy.rememberedDeviceDays ?? days) * 86_400)
  }
}
