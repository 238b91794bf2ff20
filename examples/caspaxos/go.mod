module example.com/caspaxos

go 1.26.0
