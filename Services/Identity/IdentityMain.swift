@main
struct IdentityMain {
  static func main() {}
}
