package import FoundationEssentials

/// Why this service refuses; `FeedbackStatus.swift` says how each case is answered.
package enum FeedbackError: Error, Equatable {
  case text(TextRule, TextFault)
  /// `field` names the outsider, such as `outsiders[2].email`.
  case emailAddress(field: String)
  case controlCharacter(field: String)
  case visibility
  case nobodyAsked
  case tooManyColleagues(limit: Int)
  case tooManyOutsiders(limit: Int)
  case colleagueTwice(UUID)
  case outsiderTwice(field: String)
  case asksOneself
  case colleagueNotFound
  case roundNotFound
  case invitationNotFound
  case feedbackNotFound
  case alreadyAnswered
  case linkUnknown
  case linkUsed
  case linkExpired
  /// The organisation's contract has not begun or has ended.
  case contractNotActive
  /// The person's data in this service were erased and their key destroyed.
  case personErased
}
