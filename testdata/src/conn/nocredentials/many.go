package nocredentials

import "google.golang.org/grpc"

// many has more ways than anybody could take one by one.
func many(addr string, agents []string) (*grpc.ClientConn, error) {
	var opts []grpc.DialOption
	if len(agents) > 0 {
		opts = append(opts, grpc.WithUserAgent(agents[0]))
	}
	if len(agents) > 1 {
		opts = append(opts, grpc.WithUserAgent(agents[1]))
	}
	if len(agents) > 2 {
		opts = append(opts, grpc.WithUserAgent(agents[2]))
	}
	if len(agents) > 3 {
		opts = append(opts, grpc.WithUserAgent(agents[3]))
	}
	if len(agents) > 4 {
		opts = append(opts, grpc.WithUserAgent(agents[4]))
	}
	if len(agents) > 5 {
		opts = append(opts, grpc.WithUserAgent(agents[5]))
	}
	if len(agents) > 6 {
		opts = append(opts, grpc.WithUserAgent(agents[6]))
	}
	if len(agents) > 7 {
		opts = append(opts, grpc.WithUserAgent(agents[7]))
	}
	if len(agents) > 8 {
		opts = append(opts, grpc.WithUserAgent(agents[8]))
	}
	if len(agents) > 9 {
		opts = append(opts, grpc.WithUserAgent(agents[9]))
	}
	if len(agents) > 10 {
		opts = append(opts, grpc.WithUserAgent(agents[10]))
	}
	if len(agents) > 11 {
		opts = append(opts, grpc.WithUserAgent(agents[11]))
	}
	if len(agents) > 12 {
		opts = append(opts, grpc.WithUserAgent(agents[12]))
	}
	if len(agents) > 13 {
		opts = append(opts, grpc.WithUserAgent(agents[13]))
	}
	if len(agents) > 14 {
		opts = append(opts, grpc.WithUserAgent(agents[14]))
	}
	if len(agents) > 15 {
		opts = append(opts, grpc.WithUserAgent(agents[15]))
	}
	if len(agents) > 16 {
		opts = append(opts, grpc.WithUserAgent(agents[16]))
	}
	if len(agents) > 17 {
		opts = append(opts, grpc.WithUserAgent(agents[17]))
	}
	if len(agents) > 18 {
		opts = append(opts, grpc.WithUserAgent(agents[18]))
	}
	if len(agents) > 19 {
		opts = append(opts, grpc.WithUserAgent(agents[19]))
	}
	if len(agents) > 20 {
		opts = append(opts, grpc.WithUserAgent(agents[20]))
	}
	if len(agents) > 21 {
		opts = append(opts, grpc.WithUserAgent(agents[21]))
	}
	if len(agents) > 22 {
		opts = append(opts, grpc.WithUserAgent(agents[22]))
	}
	if len(agents) > 23 {
		opts = append(opts, grpc.WithUserAgent(agents[23]))
	}
	if len(agents) > 24 {
		opts = append(opts, grpc.WithUserAgent(agents[24]))
	}
	if len(agents) > 25 {
		opts = append(opts, grpc.WithUserAgent(agents[25]))
	}
	if len(agents) > 26 {
		opts = append(opts, grpc.WithUserAgent(agents[26]))
	}
	if len(agents) > 27 {
		opts = append(opts, grpc.WithUserAgent(agents[27]))
	}
	if len(agents) > 28 {
		opts = append(opts, grpc.WithUserAgent(agents[28]))
	}
	if len(agents) > 29 {
		opts = append(opts, grpc.WithUserAgent(agents[29]))
	}
	if len(agents) > 30 {
		opts = append(opts, grpc.WithUserAgent(agents[30]))
	}
	if len(agents) > 31 {
		opts = append(opts, grpc.WithUserAgent(agents[31]))
	}
	if len(agents) > 32 {
		opts = append(opts, grpc.WithUserAgent(agents[32]))
	}
	if len(agents) > 33 {
		opts = append(opts, grpc.WithUserAgent(agents[33]))
	}
	if len(agents) > 34 {
		opts = append(opts, grpc.WithUserAgent(agents[34]))
	}
	if len(agents) > 35 {
		opts = append(opts, grpc.WithUserAgent(agents[35]))
	}
	if len(agents) > 36 {
		opts = append(opts, grpc.WithUserAgent(agents[36]))
	}
	if len(agents) > 37 {
		opts = append(opts, grpc.WithUserAgent(agents[37]))
	}
	if len(agents) > 38 {
		opts = append(opts, grpc.WithUserAgent(agents[38]))
	}
	if len(agents) > 39 {
		opts = append(opts, grpc.WithUserAgent(agents[39]))
	}
	return grpc.NewClient(addr, opts...) // want `grpc.NewClient always fails here`
}

// inLoop builds them up in a loop, with more ways through it than there is time
// for.
func inLoop(addr string, all []uint64) (*grpc.ClientConn, error) {
	var opts []grpc.DialOption
	for _, flags := range all {
		if flags&(1<<0) != 0 {
			opts = append(opts, grpc.WithUserAgent("0"))
		}
		if flags&(1<<1) != 0 {
			opts = append(opts, grpc.WithUserAgent("1"))
		}
		if flags&(1<<2) != 0 {
			opts = append(opts, grpc.WithUserAgent("2"))
		}
		if flags&(1<<3) != 0 {
			opts = append(opts, grpc.WithUserAgent("3"))
		}
		if flags&(1<<4) != 0 {
			opts = append(opts, grpc.WithUserAgent("4"))
		}
		if flags&(1<<5) != 0 {
			opts = append(opts, grpc.WithUserAgent("5"))
		}
		if flags&(1<<6) != 0 {
			opts = append(opts, grpc.WithUserAgent("6"))
		}
		if flags&(1<<7) != 0 {
			opts = append(opts, grpc.WithUserAgent("7"))
		}
		if flags&(1<<8) != 0 {
			opts = append(opts, grpc.WithUserAgent("8"))
		}
		if flags&(1<<9) != 0 {
			opts = append(opts, grpc.WithUserAgent("9"))
		}
		if flags&(1<<10) != 0 {
			opts = append(opts, grpc.WithUserAgent("10"))
		}
		if flags&(1<<11) != 0 {
			opts = append(opts, grpc.WithUserAgent("11"))
		}
		if flags&(1<<12) != 0 {
			opts = append(opts, grpc.WithUserAgent("12"))
		}
		if flags&(1<<13) != 0 {
			opts = append(opts, grpc.WithUserAgent("13"))
		}
		if flags&(1<<14) != 0 {
			opts = append(opts, grpc.WithUserAgent("14"))
		}
		if flags&(1<<15) != 0 {
			opts = append(opts, grpc.WithUserAgent("15"))
		}
		if flags&(1<<16) != 0 {
			opts = append(opts, grpc.WithUserAgent("16"))
		}
		if flags&(1<<17) != 0 {
			opts = append(opts, grpc.WithUserAgent("17"))
		}
		if flags&(1<<18) != 0 {
			opts = append(opts, grpc.WithUserAgent("18"))
		}
		if flags&(1<<19) != 0 {
			opts = append(opts, grpc.WithUserAgent("19"))
		}
		if flags&(1<<20) != 0 {
			opts = append(opts, grpc.WithUserAgent("20"))
		}
		if flags&(1<<21) != 0 {
			opts = append(opts, grpc.WithUserAgent("21"))
		}
		if flags&(1<<22) != 0 {
			opts = append(opts, grpc.WithUserAgent("22"))
		}
		if flags&(1<<23) != 0 {
			opts = append(opts, grpc.WithUserAgent("23"))
		}
		if flags&(1<<24) != 0 {
			opts = append(opts, grpc.WithUserAgent("24"))
		}
		if flags&(1<<25) != 0 {
			opts = append(opts, grpc.WithUserAgent("25"))
		}
		if flags&(1<<26) != 0 {
			opts = append(opts, grpc.WithUserAgent("26"))
		}
		if flags&(1<<27) != 0 {
			opts = append(opts, grpc.WithUserAgent("27"))
		}
		if flags&(1<<28) != 0 {
			opts = append(opts, grpc.WithUserAgent("28"))
		}
		if flags&(1<<29) != 0 {
			opts = append(opts, grpc.WithUserAgent("29"))
		}
	}
	return grpc.NewClient(addr, opts...) // want `grpc.NewClient always fails here`
}
