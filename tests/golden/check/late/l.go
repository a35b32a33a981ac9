package late

func f()
