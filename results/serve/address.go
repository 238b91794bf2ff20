package serve

import "path"

// Address is the page that shows what is at a path below the root: of a run, a campaign or a comparison, or the list of all.
func (s *Server) Address(p string) string {
	switch s.catalog.kind(p) {
	case isRun:
		return "/run/" + p + "/"
	case isCampaign:
		return "/campaign/" + p + "/"
	case isComparison:
		return "/file/" + path.Join(p, "compare.html")
	default:
		return "/"
	}
}
