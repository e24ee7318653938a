import Cryptography
import Foundation
import Schemas
import SwiftProtobuf

extension FeedbackFeedbackRound {
  init(_ round: Round) {
    self.init()
    roundID = round.id.canonical
    topic = round.topic
    question = round.question
    visibility = FeedbackVisibility(round.visibility)
    askedAt = Google_Protobuf_Timestamp(microsecondsOf: round.askedAt)
    invitations = round.invitations.map { invitation in
      .with {
        $0.invitationID = invitation.id.canonical
        switch invitation.invited {
        case .colleague(let id): $0.colleagueID = id.canonical
        case .outsider(let name): $0.outsiderName = name
        }
        $0.state = invitation.answeredAt == nil ? .open : .answered
      }
    }
  }
}

extension FeedbackFeedbackTask {
  init(_ task: FeedbackTask) {
    self.init()
    invitationID = task.invitation.canonical
    askerID = task.asker.canonical
    topic = task.topic
    question = task.question
    visibility = FeedbackVisibility(task.visibility)
    askedAt = Google_Protobuf_Timestamp(microsecondsOf: task.askedAt)
  }
}

extension FeedbackFeedback {
  init(_ answer: Answer) {
    self.init()
    feedbackID = answer.id.canonical
    roundID = answer.round.canonical
    topic = answer.topic
    self.answer = answer.text
    switch answer.giver {
    case .colleague(let id): giverID = id.canonical
    case .outsider(let name): giverName = name
    case .nobody: break
    }
    givenAt = Google_Protobuf_Timestamp(microsecondsOf: answer.givenAt)
  }
}

extension FeedbackGiveFeedbackResponse {
  init(_ answer: NewAnswer) {
    self.init()
    feedbackID = answer.id.canonical
    givenAt = Google_Protobuf_Timestamp(microsecondsOf: answer.givenAt)
  }
}

extension FeedbackVisibility {
  init(_ visibility: Visibility) {
    switch visibility {
    case .asker: self = .asker
    }
  }
}

extension Visibility {
  /// Nil for none and for one that this version doesn't know.
  init?(_ visibility: FeedbackVisibility) {
    switch visibility {
    case .asker: self = .asker
    case .unspecified, .UNRECOGNIZED: return nil
    }
  }
}

extension Google_Protobuf_Timestamp {
  /// As exact as the database, so that a moment reads the same before and after it was stored.
  init(microsecondsOf date: Date) {
    let microseconds = Int64((date.timeIntervalSince1970 * 1e6).rounded())
    let (seconds, rest) = microseconds.quotientAndRemainder(dividingBy: 1_000_000)
    let borrowed: Int64 = rest < 0 ? 1 : 0
    self.init(seconds: seconds - borrowed, nanos: Int32((rest + borrowed * 1_000_000) * 1000))
  }
}
