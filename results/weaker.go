package results

import (
	"slices"

	"faultline/checker/ladder"
	"faultline/checker/order"
	"faultline/checker/txn/models"
)

// WeakerModels are the consistency models that follow from one: of registers, by its name in package ladder, of broadcasts, or of transactions.
func WeakerModels(name string) []string {
	if m, err := ladder.ModelByName(name); err == nil {
		return m.Weaker()
	}
	if m, err := order.ModelByName(name); err == nil {
		return m.Weaker()
	}
	weaker := models.Implied(models.Of(name)).Names()
	return slices.DeleteFunc(weaker, func(n string) bool { return n == name })
}
