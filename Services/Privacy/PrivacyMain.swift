@main
struct PrivacyMain {
  static func main() {}
}
