import Access
import Foundation
import Launch
import RPC
import Schemas
import Storage
import SwiftProtobuf

extension RegisterDesk {
  func setCookie(_ request: PrivacySetCookieRequest, _ call: Call) async throws -> PrivacyCookie {
    let cookie = try Cookie(
      checking: request.name, party: request.party, purpose: request.purpose,
      isNecessary: request.necessary, lifetimeDays: request.lifetimeDays)
    try await database.transaction(call.mandate(.platform)) {
      try await CookieStore.put(cookie, in: $0)
    }
    return cookie.message
  }

  func removeCookie(
    _ request: PrivacyRemoveCookieRequest, _ call: Call
  ) async throws -> PrivacyRemoveCookieResponse {
    let name = try Cookie.name.check(request.name)
    try await database.transaction(call.mandate(.platform)) {
      try await CookieStore.remove(name, in: $0)
    }
    return PrivacyRemoveCookieResponse()
  }

  func getCookiePage(
    _ request: PrivacyGetCookiePageRequest, _ call: Call
  ) async throws -> PrivacyCookiePage {
    let cookies = try await database.transaction(call.mandate(.platform)) {
      try await CookieStore.list(in: $0)
    }
    return .with {
      $0.html = CookiePage(cookies: cookies).html
      $0.cookies = cookies.map(\.message)
      $0.allowed = cookies.filter { $0.isAllowed(consented: request.consented) }.map(\.name)
    }
  }

  func getContacts(
    _ request: PrivacyGetContactsRequest, _ call: Call
  ) async throws -> PrivacyContacts {
    .with {
      $0.officer = contacts.officer
      $0.authority = contacts.authority
      $0.authorityLink = contacts.authorityLink
      $0.dataLeak = contacts.dataLeak
    }
  }
}

extension Cookie {
  fileprivate var message: PrivacyCookie {
    .with {
      $0.name = name
      $0.party = party
      $0.purpose = purpose
      $0.necessary = isNecessary
      $0.lifetimeDays = UInt32(clamping: lifetimeDays)
    }
  }
}
