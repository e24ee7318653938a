@main
struct IKSOMain {
  static func main() {}
}
