//go:build long

package exact

import "testing"

func TestAgainstAllOrdersLong(t *testing.T) { againstAllOrders(t, 1500, 100_000) }

func TestWeakerLevelsLong(t *testing.T) { weakerLevels(t, 400, 50_000) }
