module example.com/stores

go 1.26.0

require faultline v0.0.0

replace faultline => ../
